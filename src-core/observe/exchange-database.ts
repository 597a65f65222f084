import fs from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type ExchangeFilter, matches, type Place } from './exchange-filter.ts'
import type { ExchangeView } from './exchange-view.ts'
import { aggregateUsage, type UsageKey, type UsageRow } from './usage.ts'

/** What is kept of the past. Beyond it the oldest go. */
export interface Keeping {
  /** 0 keeps nothing. */
  days: number
  maxBytes: number
}

export interface PageQuery {
  limit: number
  before?: Place
  filter: ExchangeFilter
}

export interface UsageQuery {
  since?: number
  by: readonly UsageKey[]
}

/** Ended exchanges in a file. Everything here waits for the disk: it runs in a worker. */
export interface ExchangeDatabase {
  add(views: readonly ExchangeView[]): void
  page(query: PageQuery): ExchangeView[]
  get(id: string): ExchangeView | undefined
  usage(query: UsageQuery): UsageRow[]
  prune(keeping: Keeping): void
  close(): void
}

/** Raised when the table changes: an older log is thrown away, not migrated. */
const format = 1
const dayMs = 86_400_000

/**
 * Two gateways may share a home, and so this file: SQLite's write-ahead log lets one write while others read, and a
 * writer waits for the other one. Both then show what went through either.
 */
export function openExchangeDatabase({ file, now }: { file: string; now: () => number }): ExchangeDatabase {
  // made here so that nobody else may read it; SQLite gives its side files the same mode
  fs.closeSync(fs.openSync(file, 'a', 0o600))
  const database = new DatabaseSync(file)
  database.exec(
    'pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = normal; pragma journal_size_limit = 4194304',
  )
  if (figure('user_version') !== format) database.exec('drop table if exists exchanges')
  database.exec(`
    create table if not exists exchanges (id text not null unique, started_at integer not null, record text not null);
    create index if not exists exchanges_by_time on exchanges (started_at, id);
    pragma user_version = ${format}`)
  const insert = database.prepare('insert or replace into exchanges values (?, ?, ?)')
  const before = database.prepare(
    'select record from exchanges where (started_at, id) < (?, ?) order by started_at desc, id desc',
  )
  const since = database.prepare('select record from exchanges where started_at >= ? order by started_at')
  const byId = database.prepare('select record from exchanges where id = ?')

  function figure(name: 'page_count' | 'freelist_count' | 'page_size' | 'user_version'): number {
    return Number(database.prepare(`pragma ${name}`).get()?.[name])
  }

  const usedBytes = (): number => (figure('page_count') - figure('freelist_count')) * figure('page_size')

  return {
    add(views) {
      database.exec('begin immediate')
      try {
        for (const view of views) insert.run(view.id, view.startedAt, JSON.stringify(view))
        database.exec('commit')
      } catch (error) {
        database.exec('rollback')
        throw error
      }
    },
    page({ limit, before: place, filter }) {
      const found: ExchangeView[] = []
      if (limit === 0) return found
      for (const row of before.iterate(place?.startedAt ?? Number.MAX_SAFE_INTEGER, place?.id ?? '')) {
        const view = read(row)
        if (!matches(view, filter)) continue
        found.push(view)
        if (found.length === limit) break
      }
      return found
    },
    get(id) {
      const row = byId.get(id)
      return row && read(row)
    },
    usage: ({ since: from = 0, by }) => aggregateUsage(each(since.iterate(from)), by),
    prune({ days, maxBytes }) {
      database.prepare('delete from exchanges where started_at < ?').run(now() - days * dayMs)
      while (usedBytes() > maxBytes) {
        const oldest = 'select id from exchanges order by started_at limit 1 + (select count(*) / 10 from exchanges)'
        const { changes } = database.prepare(`delete from exchanges where id in (${oldest})`).run()
        if (changes === 0) break
      }
    },
    close: () => database.close(),
  }
}

const read = (row: Record<string, unknown>): ExchangeView => JSON.parse(String(row.record))

function* each(rows: Iterable<Record<string, unknown>>): Generator<ExchangeView> {
  for (const row of rows) yield read(row)
}
