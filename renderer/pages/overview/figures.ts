import type { ExchangeRing } from '../../exchange-ring.ts'

/** What the tiles say, of the exchanges since then. */
export interface Figures {
  requests: number
  errors: number
  inputTokens: number
  outputTokens: number
  /** Milliseconds until the first content. */
  first: { p50: number; p95: number } | undefined
}

export function figuresOf(exchanges: ExchangeRing, since: number): Figures {
  const figures = { requests: 0, errors: 0, inputTokens: 0, outputTokens: 0 }
  const firsts: number[] = []
  for (const { startedAt, error, usage, firstContentMs } of exchanges) {
    if (startedAt < since) continue
    figures.requests += 1
    if (error && error.kind !== 'client-gone') figures.errors += 1
    figures.inputTokens += usage?.inputTokens ?? 0
    figures.outputTokens += usage?.outputTokens ?? 0
    if (firstContentMs !== undefined) firsts.push(firstContentMs)
  }
  return { ...figures, first: firsts.length === 0 ? undefined : { p50: share(firsts, 0.5), p95: share(firsts, 0.95) } }
}

/** Three lists of the same length, as a chart wants them; null where there is nothing to tell. */
export type Series = [seconds: number[], requests: number[], firstMs: (number | null)[]]

const minuteMs = 60_000

/** Requests and their middle wait for the first content, by minute, the running one last. */
export function byMinute(exchanges: ExchangeRing, now: number, minutes: number): Series {
  const last = Math.floor(now / minuteMs)
  const requests = new Array<number>(minutes).fill(0)
  const waits = Array.from({ length: minutes }, (): number[] => [])
  for (const { startedAt, firstContentMs } of exchanges) {
    const index = minutes - 1 - (last - Math.floor(startedAt / minuteMs))
    if (index < 0 || index >= minutes) continue
    requests[index]! += 1
    if (firstContentMs !== undefined) waits[index]!.push(firstContentMs)
  }
  const seconds = requests.map((_, index) => (last - minutes + 1 + index) * 60)
  return [seconds, requests, waits.map((list) => (list.length === 0 ? null : share(list, 0.5)))]
}

function share(values: number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}
