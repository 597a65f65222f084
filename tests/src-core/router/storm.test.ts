import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ErrorKind } from '../../../src-core/model/error.ts'
import type { CallTarget } from '../../../src-core/model/generate.ts'
import type { Target } from '../../../src-core/model/target.ts'
import { createHealth } from '../../../src-core/router/health.ts'
import { createRouter } from '../../../src-core/router/router.ts'
import type { PoolSettings } from '../../../src-core/router/routing-view.ts'
import { withHealth } from '../../../src-core/router/with-health.ts'
import { hear, playAnswer } from '../../helpers/answer-steps.ts'
import { attemptNote, chunk, end, failure, listenerFailed, request, routingView, start, text } from './rig.ts'

/** The same numbers from 0 to 1 for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const kinds: ErrorKind[] = ['rate-limited', 'capacity', 'provider-error', 'timeout', 'stream-broken', 'bad-credentials']

test.each([1, 2, 3])(
  '1,000 open streams while 30 %% of the targets fail at random: none fails (seed %i)',
  async (seed) => {
    const random = randomFrom(seed)
    const strategies = ['priority', 'round-robin', 'weighted'] as const
    const windows: Record<string, number> = {}
    const flaky = new Set<string>()
    const pools = strategies.map((strategy, pool): PoolSettings => {
      const targets = Array.from({ length: 10 }, (_, index) => ({ target: `p${pool}-${index}.m`, weight: index + 1 }))
      for (const [index, { target }] of targets.entries()) {
        windows[target] = 1000
        if (index % 10 < 3) flaky.add(target)
      }
      return { strategy, targets, backup: pool === 2 }
    })
    const clock = { now: 0 }
    const now = () => clock.now
    let failed = 0
    let open = 0
    let mostOpen = 0
    const steps = async function* (target: Target) {
      open += 1
      mostOpen = Math.max(mostOpen, open)
      try {
        yield attemptNote(target.id)
        await turn()
        clock.now += 1
        if (flaky.has(target.id) && random() < 0.5) {
          failed += 1
          const waitMs = random() < 0.5 ? Math.ceil(random() * 2000) : undefined
          throw failure(kinds[Math.floor(random() * kinds.length)]!, { waitMs })
        }
        yield chunk(start, text('a'))
        for (let piece = 0; piece < 5; piece += 1) {
          await turn()
          yield chunk(text('b'))
        }
        yield chunk(end)
      } finally {
        open -= 1
      }
    }
    const callTarget: CallTarget = (target, _request, caller) => playAnswer(steps(target), caller)
    const view = routingView({ windows, routes: { default: pools }, retry: { attempts: 1 } })
    const settings = () => ({ failureThreshold: 3, cooldownMs: 500, fatalCooldownMs: 1000 })
    const health = createHealth({ settings, now, listenerFailed })
    const generate = createRouter({ view: () => view, health, now, callTarget: withHealth(callTarget, health, now) })

    const answers = await Promise.all(Array.from({ length: 1000 }, () => hear((caller) => generate(request(), caller))))
    expect(answers.filter(({ error, events }) => error || events.at(-1)?.type !== 'response-end')).toEqual([])
    expect(mostOpen).toBe(1000)
    expect(failed).toBeGreaterThan(100)
    expect(open).toBe(0)
  },
)
