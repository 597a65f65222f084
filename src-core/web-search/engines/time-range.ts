import type { Recency } from '../engine.ts'

/** A recency as Tavily and SearXNG spell it. */
export const timeRange: Record<Recency, string | undefined> = {
  oneDay: 'day',
  oneWeek: 'week',
  oneMonth: 'month',
  oneYear: 'year',
  noLimit: undefined,
}
