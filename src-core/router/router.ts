import { setTimeout as timeout } from 'node:timers/promises'
import { clientGone, GatewayError } from '../model/error.ts'
import type { Note, RouteNote, StreamChunk, StreamEvent } from '../model/event.ts'
import type { CallTarget, Generate } from '../model/generate.ts'
import { handOver, type Opening } from '../model/hand-over.ts'
import type { ModelRequest } from '../model/request.ts'
import { createAttempts } from './attempts.ts'
import { begunAnswer } from './begun-answer.ts'
import { createDeadline } from './deadline.ts'
import { createDecide, type Decide, takeTurns } from './decide.ts'
import type { Health } from './health.ts'
import { lastFailure } from './last-failure.ts'
import { readOpening, type Turn } from './opening.ts'
import { refusal } from './refusal.ts'
import { routeNote } from './route-note.ts'
import type { RoutingView } from './routing-view.ts'

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

  async function* open(request: ModelRequest, signal: AbortSignal): Opening {
    const { group, retry } = view()
    const decision = decide(request)
    if (decision.order.length === 0) {
      yield note({ type: 'decided', decision })
      throw refusal(decision, group)
    }
    takeTurns(decision)

    const deadline = createDeadline(signal, retry.deadlineMs, now)
    const attempts = createAttempts({ decision, retry, deadline, now })
    /** How often each target has been called. */
    const calls = new Map<string, number>()
    let begun = false
    try {
      let attempt = attempts.first()
      while (attempt) {
        const { candidate, waitMs } = attempt
        const target = candidate.target
        const turn: Turn = { target: target.id, before: calls.get(target.id) ?? 0, calls: 0, open: false }
        let chunks: AsyncIterator<StreamChunk> | undefined
        try {
          if (waitMs > 0) await sleep(waitMs, deadline.signal)
          chunks = callTarget(target, request, deadline.signal)[Symbol.asyncIterator]()
          const held: StreamChunk[] = []
          let opened = false
          while (!opened) {
            const { done, value: chunk } = await chunks.next()
            if (done) throw endedEarly(target.id)
            const step = readOpening(chunk, turn)
            if (step.notes) yield onItsWay(step.notes, () => routeNote(decision, candidate, sum(calls) + turn.calls))
            else held.push(chunk)
            opened = step.content
          }
          deadline.met()
          calls.set(target.id, turn.before + turn.calls)
          const routed = noteEvent({ type: 'routed', decision: routeNote(decision, candidate, sum(calls)) })
          held[0] = { ...held[0], events: [routed, ...held[0]!.events] }
          begun = true
          return begunAnswer({ held, chunks, signal, over: deadline.release })
        } catch (thrown) {
          if (signal.aborted) throw clientGone(thrown)
          const error = GatewayError.from(deadline.signal.aborted ? deadline.signal.reason : thrown)
          const made = turn.before + turn.calls
          calls.set(target.id, made)
          attempt = attempts.after(candidate, error)
          // Whoever makes the calls tells of them; what else went wrong is told here.
          const failed = { target: target.id, attempt: made, error, waitMs: attempt?.waitMs }
          if (turn.open) yield note({ type: 'attempt-failed', ...failed })
          else if (made === 0) yield note({ type: 'skipped', target: target.id, error })
        } finally {
          if (!begun) await chunks?.return?.()
        }
      }
      const told = lastFailure(attempts.failures)
      yield note({ type: 'routed', decision: routeNote(decision, told.candidate, sum(calls)) })
      throw told.error
    } finally {
      if (!begun) deadline.release()
    }
  }

  return (request, signal) => handOver(open(request, signal))
}

/** A call that begins tells its way along: a slow answer may have to begin before there is any. */
function onItsWay({ events }: StreamChunk, route: () => RouteNote): StreamChunk {
  return {
    events: events.map((event) =>
      event.type === 'note' && event.note.type === 'attempt' ? noteEvent({ ...event.note, route: route() }) : event,
    ),
  }
}

function sum(calls: ReadonlyMap<string, number>): number {
  let total = 0
  for (const count of calls.values()) total += count
  return total
}

const noteEvent = (note: Note): StreamEvent => ({ type: 'note', note })

const note = (remark: Note): StreamChunk => ({ events: [noteEvent(remark)] })

const endedEarly = (target: string): GatewayError =>
  new GatewayError('stream-broken', `${target} ended its answer before it began.`, { target })
