import path from 'node:path'
import type { ConfigStore } from './config/store.ts'
import { changedProviders } from './config/views.ts'
import type { WebSearch } from './gateway-search.ts'
import { assumed, type Estimate } from './model/estimate.ts'
import type { RouteNote } from './model/event.ts'
import type { Generate } from './model/generate.ts'
import type { ModelRequest } from './model/request.ts'
import type { Target } from './model/target.ts'
import type { Log } from './observe/log.ts'
import type { Redactor } from './observe/redact.ts'
import { type CallOptions, createCallTarget } from './providers/call.ts'
import { createDecide, type Decide } from './router/decide.ts'
import { createHealth, type Health } from './router/health.ts'
import { openHealthFile } from './router/health-file.ts'
import { createProbe, type Probe } from './router/probe.ts'
import { createProbes } from './router/probes.ts'
import { refusal } from './router/refusal.ts'
import { routeNote } from './router/route-note.ts'
import { createRouter } from './router/router.ts'
import { withHealth } from './router/with-health.ts'
import type { RoutingState } from './routing-state.ts'
import { type Corrections, createCorrections } from './tokens/corrections.ts'
import { createCountedSections } from './tokens/counted-sections.ts'
import { createTokenEstimator } from './tokens/estimator.ts'
import { createExactCounter } from './tokens/exact-counter.ts'
import { createChains } from './web-search/chains.ts'
import { withWebSearch } from './web-search/with-web-search.ts'

export interface TargetsOptions {
  stateFolder: string
  store: ConfigStore
  routing: RoutingState
  call: CallOptions
  webSearch: Pick<WebSearch, 'search' | 'engines'>
  redactor: Redactor
  log: Log
  /** Milliseconds since 1970. */
  now(): number
  listenerFailed(thrown: unknown): void
}

/** Choosing targets and calling them. */
export interface Targets {
  generate: Generate
  decide: Decide
  /** The same decision by a config that is not saved, or for a size that nobody counted. */
  decideIf(what: { config?: string; tokens?: number }): Decide
  health: Health
  /** The first target that would answer, `routed` told of it; throws `no-target` in words. */
  pick(request: ModelRequest, routed: (note: RouteNote) => void): Target
  /** By its id, as long as it may be called. */
  byId(id: string): Target | undefined
  probe: Probe
  startProbes(): void
  /** Exactly, where that takes no longer than `withinMs`. */
  count(request: ModelRequest, withinMs: number): Promise<Estimate>
  /** What a provider counted corrects the estimates for its target. */
  learn: Corrections['learn']
  /** One that never listened must not write over what another gateway knows of the targets' health. */
  close(options: { keepHealth: boolean }): Promise<void>
}

/** The half of the gateway that joins health, estimates, decisions, the router and its probes. */
export async function createTargets(options: TargetsOptions): Promise<Targets> {
  const { store, routing, call, webSearch, log, now, listenerFailed } = options
  const settings = () => store.current().config.virtualrouter
  const view = () => routing.current().view

  const healthFile = await openHealthFile({
    file: path.join(options.stateFolder, 'health.json'),
    redact: options.redactor.known,
    failed: (error) => log.warn('health is not kept over a restart', { error }),
  })
  const { restored } = healthFile
  const health = createHealth({ settings: () => settings().health, now, restored, listenerFailed })
  healthFile.follow(health)
  let judged = store.current().config
  store.subscribe(({ config }) => {
    for (const provider of changedProviders(judged, config)) health.reset({ provider })
    judged = config
  })

  const counter = createExactCounter({
    failed: (error) => log.warn('tokens are only estimated from now on', { error }),
  })
  const estimator = createTokenEstimator({ counted: createCountedSections(), counter })
  const corrections = createCorrections()
  const correction = ({ id }: Target) => corrections.factor(id)
  const deciding = { health, now, correction }
  const decide = createDecide({ ...deciding, view, estimate: estimator.estimate })

  const callTarget = createCallTarget(call)
  const generate = createRouter({
    view,
    health,
    now: () => performance.now(),
    decide,
    callTarget: withWebSearch({
      settings() {
        const search = settings().webSearch
        return search.engines.length === 0 ? undefined : { ...search, engines: webSearch.engines() }
      },
      search: webSearch.search,
      chains: createChains({ now }),
      callTarget: withHealth(callTarget, health, now),
      askAgain: callTarget,
    }),
  })

  const oneTry = () => ({ retry: { ...settings().retry, attempts: 1 } })
  const callOnce = withHealth(createCallTarget({ ...call, settings: oneTry }), health, now)
  const probe = createProbe({ callTarget: callOnce, now: () => performance.now() })
  const byId = (id: string) =>
    view()
      .expand(id, '')
      .find((target) => target.id === id)
  const probes = createProbes({
    health,
    probe,
    targetOf: byId,
    now,
    told: ({ id }, result) =>
      log.info('probe', { id, ok: result.ok, because: result.ok ? undefined : result.error.message }),
  })

  return {
    generate,
    decide,
    decideIf({ config, tokens }) {
      if (config === undefined && tokens === undefined) return decide
      const draft = config === undefined ? view() : routing.of(store.read(config)).view
      const estimate = tokens === undefined ? estimator.estimate : (request: ModelRequest) => assumed(tokens, request)
      return createDecide({ ...deciding, view: () => draft, estimate })
    },
    health,
    pick(request, routed) {
      const decision = decide(request)
      const first = decision.order[0]
      if (!first) throw refusal(decision, view().group)
      routed(routeNote(decision, first, 1))
      return first.target
    },
    byId,
    probe,
    startProbes: probes.start,
    count: estimator.count,
    learn: corrections.learn,
    async close({ keepHealth }) {
      probes.close()
      await Promise.all([counter.close(), keepHealth && healthFile.close()])
    },
  }
}
