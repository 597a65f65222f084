import { type ExchangeFilter, isBefore, matches, newestFirst, type Place } from './exchange-filter.ts'
import type { ExchangeStore } from './exchange-store.ts'
import { type ExchangeSummary, type ExchangeView, summaryOf, viewExchange } from './exchange-view.ts'
import type { ExchangeLog } from './exchanges.ts'
import { aggregateUsage, type UsageKey, type UsageRow } from './usage.ts'

export interface ExchangePage {
  exchanges: ExchangeSummary[]
  /** Hand it over as `before` for the page that follows; null at the end. */
  next: string | null
}

/** Exchanges in memory and on disk as one list. */
export interface ExchangeHistory {
  page(query: { limit: number; before?: string; filter: ExchangeFilter }): Promise<ExchangePage>
  get(id: string): Promise<ExchangeView | undefined>
  usage(query: { since?: number; by: readonly UsageKey[] }): Promise<UsageRow[]>
}

export interface ExchangeHistoryOptions {
  memory: Pick<ExchangeLog, 'list' | 'get'>
  disk: Pick<ExchangeStore, 'page' | 'get' | 'usage'>
  redact: (text: string) => string
}

export function createExchangeHistory({ memory, disk, redact }: ExchangeHistoryOptions): ExchangeHistory {
  return {
    async page({ limit, before: cursor, filter }) {
      const before = cursor === undefined ? undefined : readCursor(cursor)
      // one more than asked for tells whether a page follows
      const most = limit + 1
      const onDisk = await disk.page({ limit: most, before, filter })
      const found = new Map(onDisk.map((view) => [view.id, view]))
      for (const exchange of memory.list()) {
        if (before && !isBefore(exchange, before)) continue
        const view = viewExchange(exchange, redact)
        if (matches(view, filter)) found.set(view.id, view)
      }
      const sorted = [...found.values()].sort(newestFirst)
      const exchanges = sorted.slice(0, limit).map(summaryOf)
      return { exchanges, next: sorted.length > limit ? cursorOf(exchanges.at(-1)!) : null }
    },
    async get(id) {
      const live = memory.get(id)
      return live ? viewExchange(live, redact) : await disk.get(id)
    },
    async usage(query) {
      const stored = await disk.usage(query)
      if (stored) return stored
      const ended = memory.list().filter(({ state, startedAt }) => state === 'ended' && startedAt >= (query.since ?? 0))
      return aggregateUsage(
        ended.reverse().map((exchange) => viewExchange(exchange, redact)),
        query.by,
      )
    },
  }
}

/** `startedAt.id`: opaque to whoever pages. */
const cursorOf = ({ startedAt, id }: Place): string => `${startedAt}.${id}`

function readCursor(cursor: string): Place {
  const dot = cursor.indexOf('.')
  return { startedAt: Number(cursor.slice(0, dot)), id: cursor.slice(dot + 1) }
}
