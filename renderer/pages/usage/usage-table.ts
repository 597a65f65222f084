import type { AnswerOf } from '../../../src-core/control/contract.ts'

export type UsageRow = AnswerOf<'getUsage'>['rows'][number]

const hourMs = 3_600_000

/** One row for each hour from `since` to `now`: all that happened in it, or zeros. */
export function byHour(rows: readonly UsageRow[], since: number, now: number): UsageRow[] {
  const known = Map.groupBy(rows, ({ hour }) => hour)
  const first = Math.floor(since / hourMs) * hourMs
  const hours = Math.max(0, Math.floor((now - first) / hourMs)) + 1
  return Array.from({ length: hours }, (_none, index) => {
    const hour = first + index * hourMs
    return { hour, ...sum(known.get(hour) ?? []) }
  })
}

const nothing = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
}

/** The rows of one target each, most tokens first, with its hours beside it. */
export function byTarget(
  totals: readonly UsageRow[],
  hours: readonly UsageRow[],
  since: number,
  now: number,
): { total: UsageRow; hours: UsageRow[] }[] {
  return totals
    .map((total) => ({
      total,
      hours: byHour(
        hours.filter(({ target }) => target === total.target),
        since,
        now,
      ),
    }))
    .sort((one, other) => tokensOf(other.total) - tokensOf(one.total) || other.total.requests - one.total.requests)
}

export const tokensOf = ({ inputTokens, outputTokens, reasoningTokens }: Figures): number =>
  inputTokens + outputTokens + reasoningTokens

export type Figures = Pick<UsageRow, keyof typeof nothing>

export function sum(rows: readonly UsageRow[]): Figures {
  const total = { ...nothing }
  for (const row of rows) for (const key of Object.keys(nothing) as (keyof Figures)[]) total[key] += row[key]
  return total
}
