// node tests/bench/decisions.ts: how many targets are chosen in a second of one core, among 200 in 10 pools.
import { parseConfig } from '../../src-core/config/parse.ts'
import { createCatalog } from '../../src-core/providers/catalog.ts'
import { loadProfiles } from '../../src-core/providers/service-profile.ts'
import { createDecide, takeTurns } from '../../src-core/router/decide.ts'
import { createHealth } from '../../src-core/router/health.ts'
import type { RoutingView } from '../../src-core/router/routing-view.ts'
import { failure, listenerFailed, request, routingView, target } from '../src-core/router/rig.ts'

const strategies = ['priority', 'round-robin', 'weighted']
const names = Array.from({ length: 10 }, (_, pool) => Array.from({ length: 20 }, (_, model) => `p${pool}.m${model}`))
const all = names.flat()

const { profiles } = await loadProfiles()
const models = Object.fromEntries(names[0]!.map((name) => [name.slice(3), { maxContextTokens: 1000 }]))
const provider = { profile: 'litellm', auth: { type: 'none' }, models }
const pools = names.map((targets, index) => ({
  strategy: strategies[index % 3],
  backup: index >= 8,
  targets: targets.map((name, weight) => ({ target: name, weight: weight + 1 })),
}))
const providers = Object.fromEntries(pools.map((_, index) => [`p${index}`, provider]))
const text = JSON.stringify({ virtualrouter: { providers, routing: { default: pools } } })
const parsed = parseConfig(text, { knownProfiles: profiles })
if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
const { expand } = createCatalog({ config: parsed.config, profiles })
const { default: compiled } = parsed.config.virtualrouter.routing
const view: RoutingView = { ...routingView({ routes: { default: compiled! } }), expand }

function measure(title: string, resting: number, refused: number): void {
  const settings = () => ({ failureThreshold: 1, cooldownMs: 1e9, fatalCooldownMs: 1e9 })
  const health = createHealth({ settings, now: Date.now, listenerFailed })
  for (let index = 0; index < resting; index += 1) {
    health.record(target(all[(index * 7) % all.length]!), failure('rate-limited'))
  }
  for (let index = 0; index < refused; index += 1) health.record(target(all[index * 40]!), failure('bad-credentials'))
  const decide = createDecide({ view: () => view, health, now: Date.now })
  const asked = request({ body: Buffer.alloc(2000, 'x') })
  const rates = Array.from({ length: 8 }, () => {
    const before = process.cpuUsage()
    for (let turn = 0; turn < 5000; turn += 1) takeTurns(decide(asked))
    const { user, system } = process.cpuUsage(before)
    return 5000 / ((user + system) / 1e6)
  })
  console.log(`${title.padEnd(36)} ${Math.round(Math.min(...rates.slice(2)))} a second`)
}

measure('all healthy', 0, 0)
measure('60 resting', 60, 0)
measure('60 resting, 2 credentials refused', 60, 2)
