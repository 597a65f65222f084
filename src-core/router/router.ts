import { setTimeout as timeout } from 'node:timers/promises'
import { clientGone, GatewayError } from '../model/error.ts'
import type { CallTarget, Generate } from '../model/generate.ts'
import { createAttempts } from './attempts.ts'
import { begunAnswer } from './begun-answer.ts'
import { createDeadline } from './deadline.ts'
import { createDecide, type Decide, takeTurns } from './decide.ts'
import type { Health } from './health.ts'
import { lastFailure } from './last-failure.ts'
import { refusal } from './refusal.ts'
import { routeNote } from './route-note.ts'
import type { RoutingView } from './routing-view.ts'
import { createTurn } from './turn.ts'

export interface RouterOptions {
  /** The config in force; the same object until the next revision. */
  view: () => RoutingView
  callTarget: CallTarget
  health: Pick<Health, 'state'>
  /** For distances alone: best a clock that nobody sets. */
  now: () => number
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Shared with whoever explains decisions. */
  decide?: Decide
}

const sleepFor = (ms: number, signal: AbortSignal): Promise<void> => timeout(ms, undefined, { signal })

/**
 * Each target in turn until one answers. A failure before the first content moves on and leaves no trace
 * in the answer; from the first content on, that target's answer is the answer.
 */
export function createRouter(options: RouterOptions): Generate {
  const { view, callTarget, health, now, sleep = sleepFor, decide = createDecide({ view, health, now }) } = options

  return async (request, caller) => {
    const { group, retry } = view()
    const decision = decide(request)
    if (decision.order.length === 0) {
      caller.note({ type: 'decided', decision })
      throw refusal(decision, group)
    }
    takeTurns(decision)

    const deadline = createDeadline(caller.signal, retry.deadlineMs, now)
    const attempts = createAttempts({ decision, decideAgain: () => decide(request), retry, deadline, now })
    /** How often each target has been called. */
    const calls = new Map<string, number>()
    let isFlowing = false
    try {
      let attempt = attempts.first()
      while (attempt) {
        const { candidate, waitMs } = attempt
        const { target } = candidate
        const before = calls.get(target.id) ?? 0
        const others = sum(calls) - before
        const turn = createTurn({
          before,
          route: (made) => routeNote(decision, candidate, others + before + made),
          tell: caller.note,
        })
        try {
          if (waitMs > 0) await sleep(waitMs, deadline.signal)
          const calling = callTarget(target, request, { signal: deadline.signal, note: turn.note })
          deadline.start()
          const { first, rest } = await calling
          caller.note({ type: 'routed', decision: routeNote(decision, candidate, others + turn.calls()) })
          if (!rest) return { first }
          deadline.met()
          isFlowing = true
          return { first, rest: begunAnswer(rest, caller.signal, deadline.release) }
        } catch (thrown) {
          if (caller.signal.aborted) throw clientGone(thrown)
          const error = GatewayError.from(deadline.signal.aborted ? deadline.signal.reason : thrown)
          calls.set(target.id, turn.calls())
          attempt = attempts.after(candidate, error)
          // Whoever makes the calls tells of them; what else went wrong is told here.
          const failed = { target: target.id, attempt: turn.calls(), error, waitMs: attempt?.waitMs }
          if (turn.open()) caller.note({ type: 'attempt-failed', ...failed })
          else if (turn.calls() === 0) caller.note({ type: 'skipped', target: target.id, error })
        }
      }
      const told = lastFailure(attempts.failures)
      caller.note({ type: 'routed', decision: routeNote(decision, told.candidate, sum(calls)) })
      throw told.error
    } finally {
      if (!isFlowing) deadline.release()
    }
  }
}

function sum(calls: ReadonlyMap<string, number>): number {
  let total = 0
  for (const count of calls.values()) total += count
  return total
}
