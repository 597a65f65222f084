import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ExchangeDatabase, openExchangeDatabase } from '../../../src-core/observe/exchange-database.ts'
import { view } from './exchange-view-rig.ts'

const day = 86_400_000

function place(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-database-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return path.join(folder, 'exchanges.db')
}

function open(file = place(), now = () => 0): ExchangeDatabase {
  const database = openExchangeDatabase({ file, now })
  onTestFinished(() => database.close())
  return database
}

const ids = (database: ExchangeDatabase, query: Partial<Parameters<ExchangeDatabase['page']>[0]> = {}) =>
  database.page({ limit: 100, filter: {}, ...query }).map(({ id }) => id)

describe('exchanges on disk', () => {
  test('what is written comes back whole, also from another gateway and after a restart', () => {
    const file = place()
    const one = openExchangeDatabase({ file, now: () => 0 })
    const other = open(file)
    const written = view('x1', 1000, { error: { kind: 'timeout', message: 'it’s "slow"' } })
    one.add([written])
    other.add([view('y1', 2000)])
    expect(one.get('y1')).toEqual(view('y1', 2000))
    one.close()
    expect(other.get('x1')).toEqual(written)
    expect(ids(open(file))).toEqual(['y1', 'x1'])
  })

  test('pages go back in time, ids decide in the same millisecond', () => {
    const database = open()
    database.add([view('a', 1000), view('c', 2000), view('b', 2000), view('d', 3000)])
    expect(ids(database, { limit: 2 })).toEqual(['d', 'c'])
    expect(ids(database, { limit: 2, before: { startedAt: 2000, id: 'c' } })).toEqual(['b', 'a'])
    expect(ids(database, { limit: 2, before: { startedAt: 1000, id: 'a' } })).toEqual([])
  })

  test('a filter goes on until the page is full', () => {
    const database = open()
    database.add(
      Array.from({ length: 30 }, (_, at) => view(`x${at}`, at, { route: at % 10 === 0 ? 'tools' : 'default' })),
    )
    expect(ids(database, { limit: 2, filter: { route: 'tools' } })).toEqual(['x20', 'x10'])
  })

  test('the same exchange twice is one', () => {
    const database = open()
    database.add([view('x1', 1000)])
    database.add([view('x1', 1000, { status: 500 })])
    expect(database.page({ limit: 10, filter: {} }).map(({ status }) => status)).toEqual([500])
  })

  test('usage counts from a time on', () => {
    const database = open()
    database.add([view('x1', 1000), view('x2', 2000), view('x3', 3000)])
    expect(database.usage({ since: 2000, by: [] })).toMatchObject([{ requests: 2 }])
    expect(database.usage({ by: ['target'] })).toMatchObject([{ target: 'a.x', requests: 3 }])
  })

  test('days beyond what is kept go, 0 keeps nothing', () => {
    const database = open(place(), () => 10 * day)
    database.add([view('old', 2 * day), view('young', 4 * day)])
    database.prune({ days: 7, maxBytes: 1e9 })
    expect(ids(database)).toEqual(['young'])
    database.prune({ days: 0, maxBytes: 1e9 })
    expect(ids(database)).toEqual([])
  })

  test('a log that has grown too large loses its oldest', () => {
    const database = open()
    const long = { because: ['x'.repeat(2000)] }
    database.add(Array.from({ length: 500 }, (_, at) => view(`x${String(at).padStart(3, '0')}`, at, long)))
    database.prune({ days: 7, maxBytes: 400_000 })
    const left = ids(database, { limit: 1000 })
    expect(left.length).toBeGreaterThan(50)
    expect(left.length).toBeLessThan(250)
    expect(left[0]).toBe('x499')
    database.prune({ days: 7, maxBytes: 1 })
    expect(ids(database)).toEqual([])
  })

  test('a log of another format is begun anew', () => {
    const file = place()
    const foreign = new DatabaseSync(file)
    foreign.exec('create table exchanges (something text); pragma user_version = 99')
    foreign.close()
    const database = open(file)
    database.add([view('x1', 1000)])
    expect(ids(database)).toEqual(['x1'])
  })

  test.skipIf(process.platform === 'win32')('nobody else may read it', () => {
    const file = place()
    open(file).add([view('x1', 1000)])
    for (const name of fs.readdirSync(path.dirname(file))) {
      expect(fs.statSync(path.join(path.dirname(file), name)).mode & 0o077, name).toBe(0)
    }
  })
})
