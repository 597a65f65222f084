import { clientGone, GatewayError } from '../model/error.ts'
import type { Caller } from '../model/generate.ts'

export interface RetrySettings {
  /** Tries at one target, the first included. */
  attempts: number
  deadlineMs: number
  /** The longest wait a provider may ask for that is waited out here. */
  maxWaitMs: number
}

export interface FailedTry {
  error: GatewayError
  /** 1 for the first. */
  attempt: number
  /** When the first try began, and when this one. */
  startedAt: number
  triedAt: number
  now: number
  /** 0 to 1. */
  random: number
  settings: RetrySettings
}

const firstBackoffMs = 500
const longestBackoffMs = 8000

/** Whether the same target is tried again, and after which wait. */
export function nextTry(failed: FailedTry): { wait: number } | { stop: string } {
  const { error, attempt, settings } = failed
  if (!error.consequence.retrySame) return { stop: `${error.kind} is not tried again` }
  if (attempt >= settings.attempts) return { stop: `${attempt} of ${settings.attempts} attempts made` }
  const asked = error.wait?.ms ?? 0
  if (asked > settings.maxWaitMs) return { stop: `a wait of ${asked} ms is too long` }
  const backoff = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempt - 1))
  // Half of it by chance, so that clients that failed together do not return together; never before the time asked for.
  const wait = Math.round(Math.max(asked, backoff / 2) + (failed.random * backoff) / 2)
  if (failed.now + wait - failed.startedAt >= settings.deadlineMs) return { stop: 'the deadline is too near' }
  // More as slow as this one would leave no time for another target.
  if (failed.now - failed.triedAt > settings.deadlineMs / 4) return { stop: 'it took too long to ask again' }
  return { wait }
}

export interface RetryOptions<T> {
  target: string
  /**
   * Resolves once there is something to give to the client; nothing before that has reached it. Calls `sent` once
   * the request has really gone out: only then it is an attempt.
   */
  run(sent: () => void): Promise<T>
  settings: RetrySettings
  clock: RetryClock
  /** Told of each beginning and each failure. */
  caller: Caller
}

export interface RetryClock {
  now(): number
  random(): number
  /** Resolves early when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Tries until `run` gives something or trying ends. */
export async function withRetry<T>({ target, run, settings, clock, caller }: RetryOptions<T>): Promise<T> {
  const { signal } = caller
  const startedAt = clock.now()
  for (let attempt = 1; ; attempt++) {
    const triedAt = clock.now()
    let isSent = false
    const sent = (): void => {
      if (!isSent) caller.note({ type: 'attempt', target, attempt })
      isSent = true
    }
    try {
      return await run(sent)
    } catch (thrown) {
      const error = GatewayError.from(thrown)
      if (signal.aborted) throw error.kind === 'client-gone' ? error : clientGone()
      const next = nextTry({ error, attempt, startedAt, triedAt, now: clock.now(), random: clock.random(), settings })
      const failed = { type: 'attempt-failed', target, attempt, error } as const
      if (!('wait' in next)) {
        if (isSent) caller.note(failed)
        throw error
      }
      if (isSent) caller.note({ ...failed, waitMs: next.wait })
      await clock.sleep(next.wait, signal)
      if (signal.aborted) throw clientGone()
    }
  }
}

/** A sleep that ends with the signal. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const over = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    signal.addEventListener('abort', over)
  })
}
