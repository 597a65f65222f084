import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Exchange } from '../../../src-core/observe/exchange-record.ts'
import { createExchangeStore, type ExchangeStore } from '../../../src-core/observe/exchange-store.ts'
import { createRedactor } from '../../../src-core/observe/redact.ts'

function ended(id: string, startedAt: number, message?: string): Exchange {
  return {
    id,
    startedAt,
    state: 'ended',
    protocol: 'openai-chat',
    clientModel: 'm',
    stream: false,
    requestBytes: 2,
    relayedBytes: 0,
    because: [],
    attempts: [],
    skipped: [],
    dropped: [],
    ...(message === undefined ? {} : { error: { kind: 'provider-error', message } }),
  }
}

function rig(options: { days?: number; idleMs?: number; at?: (folder: string) => string } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-store-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  const keeping = { days: options.days ?? 36_500, maxBytes: 1e9 }
  const file = options.at?.(folder) ?? path.join(folder, 'state', 'exchanges.db')
  const told: string[] = []
  let lost = 0
  const start = (): ExchangeStore => {
    const store = createExchangeStore({
      file,
      keeping: () => keeping,
      redactor: createRedactor({ known: () => ['sesame'] }),
      idleMs: options.idleMs,
      unavailable: (because) => void told.push(because),
      lost: (count) => {
        lost += count
      },
    })
    onTestFinished(() => store.close())
    return store
  }
  return { file, keeping, told, start, lost: () => lost }
}

const everything = { limit: 1000, filter: {} }
const idsOf = async (store: ExchangeStore) => (await store.page(everything)).map(({ id }) => id)

describe('the days before', () => {
  test('what was added is there at once, in order, and after a restart', async () => {
    const { start } = rig()
    const store = start()
    for (let at = 0; at < 90; at += 1) store.add(ended(`x${at}`, at))
    expect((await idsOf(store)).slice(0, 2)).toEqual(['x89', 'x88'])
    expect(await store.get('x7')).toMatchObject({ id: 'x7', startedAt: 7 })
    expect(await store.usage({ by: [] })).toMatchObject([{ requests: 90 }])
    store.add(ended('late', 500))
    await store.close()
    expect((await idsOf(start()))[0]).toBe('late')
  })

  test('a flood of what went well is counted, what failed is kept', async () => {
    const { start, lost } = rig()
    const store = start()
    for (let at = 0; at < 150; at += 1) store.add(ended(`x${at}`, at))
    store.add(ended('failed', 200, 'no room'))
    expect((await idsOf(store)).slice(0, 2)).toEqual(['failed', 'x99'])
    await vi.waitFor(() => expect(lost()).toBe(50), 3000)
  })

  test('its worker ends when there is nothing to do, and another one goes on', async () => {
    const { start } = rig({ idleMs: 20 })
    const store = start()
    for (const at of [1, 2, 3]) {
      store.add(ended(`x${at}`, at))
      expect(await idsOf(store)).toHaveLength(at)
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    store.add(ended('x4', 4))
    await store.close()
    expect(await idsOf(start())).toEqual(['x4', 'x3', 'x2', 'x1'])
  })

  test('no secret and no file that nobody needs', async () => {
    const { start, file } = rig()
    const store = start()
    expect(await store.page(everything)).toEqual([])
    expect(fs.existsSync(file)).toBe(false)
    store.add({ ...ended('x1', 1, 'open sesame, said the provider'), target: 'a.sesame' })
    expect((await store.get('x1'))!.error!.message).toBe('open ***, said the provider')
    await store.close()
    expect(fs.readFileSync(file).includes('sesame')).toBe(false)
  })

  test('0 days: nothing is written, and what was there goes', async () => {
    const { start, keeping, file } = rig()
    const before = start()
    before.add(ended('x1', 1))
    await before.close()
    keeping.days = 0
    const store = start()
    store.add(ended('x2', 2))
    expect(await idsOf(store)).toEqual([])
    expect(await store.usage({ by: [] })).toBeUndefined()
    await store.close()
    keeping.days = 36_500
    expect(fs.existsSync(file)).toBe(true)
    expect(await idsOf(start())).toEqual([])
  })

  test('without a disk there is memory only: said once, and nobody is harmed', async () => {
    const { start, told } = rig({
      at: (folder) => {
        fs.writeFileSync(path.join(folder, 'a-file'), '')
        return path.join(folder, 'a-file', 'exchanges.db')
      },
    })
    const store = start()
    store.add(ended('x1', 1))
    expect(await store.page(everything)).toEqual([])
    store.add(ended('x2', 2))
    expect(await store.get('x2')).toBeUndefined()
    expect(await store.usage({ by: [] })).toBeUndefined()
    await store.close()
    expect(told).toHaveLength(1)
  })

  test('a file that is no database: the same', async () => {
    const { start, told } = rig({
      at: (folder) => {
        fs.writeFileSync(path.join(folder, 'exchanges.db'), 'this is no database, it is a letter'.repeat(100))
        return path.join(folder, 'exchanges.db')
      },
    })
    const store = start()
    store.add(ended('x1', 1))
    expect(await idsOf(store)).toEqual([])
    await store.close()
    expect(told.join()).toMatch(/database/)
  })

  test('what comes faster than it can be written is counted, not kept', async () => {
    const { start, lost } = rig()
    const store = start()
    for (let at = 0; at < 5100; at += 1) store.add(ended(`x${at}`, at))
    expect(await store.usage({ by: [] })).toMatchObject([{ requests: expect.any(Number) }])
    await expect.poll(lost, { timeout: 10_000 }).toBeGreaterThanOrEqual(100)
    expect((await store.usage({ by: [] }))![0]!.requests + lost()).toBe(5100)
  })
})
