import type { ExchangeView } from './exchange-view.ts'

export type UsageKey = 'target' | 'route' | 'hour'

/** What went through, summed up for one target, route and hour (its start, since the epoch), as far as was asked. */
export interface UsageRow {
  target?: string
  route?: string
  hour?: number
  requests: number
  /** Without clients that left. */
  errors: number
  inputTokens: number
  cachedInputTokens: number
  outputTokens: number
  reasoningTokens: number
  /** Milliseconds of those that were answered. */
  firstContentMs?: Spread
  durationMs?: Spread
}

export interface Spread {
  p50: number
  p95: number
}

const hourMs = 3_600_000

/** Ended exchanges, grouped by these keys, in the order the groups were first seen. */
export function aggregateUsage(exchanges: Iterable<ExchangeView>, by: readonly UsageKey[]): UsageRow[] {
  const groups = new Map<string, { row: UsageRow; firstContents: number[]; durations: number[] }>()
  for (const exchange of exchanges) {
    const named: Pick<UsageRow, UsageKey> = {}
    if (by.includes('target')) named.target = exchange.target ?? 'none'
    if (by.includes('route')) named.route = exchange.route ?? 'none'
    if (by.includes('hour')) named.hour = Math.floor(exchange.startedAt / hourMs) * hourMs
    const key = JSON.stringify(named)
    let group = groups.get(key)
    if (!group) {
      group = { row: { ...named, ...zeros }, firstContents: [], durations: [] }
      groups.set(key, group)
    }
    const { row } = group
    const { usage, error, firstContentMs, durationMs } = exchange
    row.requests += 1
    if (error && error.kind !== 'client-gone') row.errors += 1
    row.inputTokens += usage?.inputTokens ?? 0
    row.cachedInputTokens += usage?.cachedInputTokens ?? 0
    row.outputTokens += usage?.outputTokens ?? 0
    row.reasoningTokens += usage?.reasoningTokens ?? 0
    if (firstContentMs !== undefined) group.firstContents.push(firstContentMs)
    if (durationMs !== undefined && !error) group.durations.push(durationMs)
  }
  return [...groups.values()].map(({ row, firstContents, durations }) => ({
    ...row,
    firstContentMs: spread(firstContents),
    durationMs: spread(durations),
  }))
}

const zeros = { requests: 0, errors: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 }

function spread(figures: number[]): Spread | undefined {
  if (figures.length === 0) return undefined
  figures.sort((one, other) => one - other)
  const at = (part: number) => figures[Math.min(figures.length - 1, Math.floor(figures.length * part))]!
  return { p50: at(0.5), p95: at(0.95) }
}
