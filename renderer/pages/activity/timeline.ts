import type { AnswerOf } from '../../../src-core/control/contract.ts'

type Exchange = AnswerOf<'getExchange'>
export type Attempt = Exchange['attempts'][number]

export interface Part {
  kind: Attempt['outcome'] | 'wait'
  /** In hundredths of the whole. */
  left: number
  width: number
}

/** Each attempt with its bar, and the pause after it, on the time of the whole exchange. */
export function timeline(
  { startedAt, durationMs, attempts }: Pick<Exchange, 'startedAt' | 'durationMs' | 'attempts'>,
  now: number,
): { attempt: Attempt; ms: number; parts: Part[] }[] {
  const whole = Math.max(1, durationMs ?? now - startedAt)
  const share = (ms: number) => Math.min(100, Math.max(0, (ms / whole) * 100))
  return attempts.map((attempt) => {
    const begin = attempt.startedAt - startedAt
    const ms = Math.max(0, attempt.durationMs ?? whole - begin)
    const parts: Part[] = [{ kind: attempt.outcome, left: share(begin), width: share(ms) }]
    if (attempt.waitMs) parts.push({ kind: 'wait', left: share(begin + ms), width: share(attempt.waitMs) })
    return { attempt, ms, parts }
  })
}
