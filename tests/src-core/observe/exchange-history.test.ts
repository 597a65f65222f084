import { describe, expect, test } from 'vitest'
import { isBefore, matches, newestFirst } from '../../../src-core/observe/exchange-filter.ts'
import { createExchangeHistory } from '../../../src-core/observe/exchange-history.ts'
import type { Exchange } from '../../../src-core/observe/exchange-record.ts'
import type { ExchangeView } from '../../../src-core/observe/exchange-view.ts'
import { aggregateUsage } from '../../../src-core/observe/usage.ts'
import { view } from './exchange-view-rig.ts'

const live = (id: string, startedAt: number, more: Partial<Exchange> = {}): Exchange => {
  const { calls, estimatedTokens, explanation, ...exchange } = view(id, startedAt)
  return { ...exchange, ...more }
}

/** Newest first in memory; the disk as it would answer. */
function history(memory: Exchange[], disk: ExchangeView[] | 'none') {
  const stored = disk === 'none' ? [] : disk
  return createExchangeHistory({
    memory: { list: () => memory, get: (id) => memory.find((one) => one.id === id) },
    disk: {
      page: async ({ limit, before, filter }) =>
        stored
          .filter((one) => (!before || isBefore(one, before)) && matches(one, filter))
          .sort(newestFirst)
          .slice(0, limit),
      get: async (id) => stored.find((one) => one.id === id),
      usage: async ({ by }) => (disk === 'none' ? undefined : aggregateUsage(stored, by)),
    },
    redact: (text) => text.replaceAll('sesame', '***'),
  })
}

async function allPages(of: ReturnType<typeof history>, limit: number): Promise<string[][]> {
  const pages: string[][] = []
  let next: string | null | undefined
  do {
    const page = await of.page({ limit, before: next ?? undefined, filter: {} })
    pages.push(page.exchanges.map(({ id }) => id))
    next = page.next
  } while (next !== null)
  return pages
}

describe('memory and disk as one list', () => {
  const memory = [live('e', 5, { state: 'open' }), live('d', 4), live('c', 3)]
  // the disk knows some of them too, and what another gateway wrote in between
  const disk = [view('d', 4), view('c', 3), view('other', 4), view('b', 2), view('a', 1)]

  test.each([
    [10, [['e', 'other', 'd', 'c', 'b', 'a']]],
    [
      4,
      [
        ['e', 'other', 'd', 'c'],
        ['b', 'a'],
      ],
    ],
    [
      3,
      [
        ['e', 'other', 'd'],
        ['c', 'b', 'a'],
      ],
    ],
    [1, [['e'], ['other'], ['d'], ['c'], ['b'], ['a']]],
  ])('pages of %i: each once, and none at the end', async (limit, expected) => {
    expect(await allPages(history(memory, disk), limit)).toEqual(expected)
  })

  test('a live record wins over what was written', async () => {
    const of = history([live('d', 4, { status: 429 })], [view('d', 4)])
    expect((await of.page({ limit: 5, filter: {} })).exchanges).toMatchObject([{ id: 'd', status: 429 }])
    expect(await of.get('d')).toMatchObject({ status: 429 })
    expect(await of.get('nobody')).toBeUndefined()
  })

  test('a line of the list is short, the whole has everything', async () => {
    const of = history(memory, disk)
    const [line] = (await of.page({ limit: 1, filter: {} })).exchanges
    expect(line).not.toHaveProperty('attempts')
    expect(line).toHaveProperty('calls', 1)
    expect(await of.get('e')).toHaveProperty('attempts')
    expect(await of.get('a')).toHaveProperty('attempts')
  })

  test('the filter holds for both', async () => {
    const of = history([live('e', 5, { route: 'tools' })], [view('a', 1, { route: 'tools' }), view('b', 2)])
    const { exchanges } = await of.page({ limit: 5, filter: { route: 'tools' } })
    expect(exchanges.map(({ id }) => id)).toEqual(['e', 'a'])
  })

  test('secrets are gone from all free texts', async () => {
    const error = { kind: 'provider-error', message: 'sesame is no key' } as const
    const of = history(
      [
        live('e', 5, {
          clientModel: 'sesame',
          error,
          attempts: [{ target: 'a.x', attempt: 1, startedAt: 1, outcome: 'failed', error }],
          skipped: [{ target: 'a.x', kind: 'unsupported', because: 'sesame' }],
          dropped: [{ what: 'x', because: 'sesame' }],
        }),
      ],
      'none',
    )
    expect(JSON.stringify(await of.get('e'))).not.toContain('sesame')
    expect(JSON.stringify(await of.page({ limit: 5, filter: {} }))).not.toContain('sesame')
  })

  test('usage comes from the disk; without one from what is in memory and has ended', async () => {
    expect(await history(memory, disk).usage({ by: [] })).toMatchObject([{ requests: 5 }])
    expect(await history(memory, 'none').usage({ by: [] })).toMatchObject([{ requests: 2 }])
    expect(await history(memory, 'none').usage({ since: 4, by: [] })).toMatchObject([{ requests: 1 }])
  })
})
