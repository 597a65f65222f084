import { describe, expect, test } from 'vitest'
import { type ExchangeSummary, mostRemembered, remember } from '../../renderer/exchange-ring.ts'

const exchange = (id: string, startedAt: number, more: Partial<ExchangeSummary> = {}): ExchangeSummary => ({
  id,
  startedAt,
  state: 'ended',
  protocol: 'openai-chat',
  clientModel: 'any',
  stream: false,
  requestBytes: 1,
  relayedBytes: 0,
  because: [],
  calls: 1,
  ...more,
})

describe('the ring of exchanges', () => {
  test('new ones come first, known ones stay in their place', () => {
    const ring = remember([exchange('b', 2, { state: 'open' }), exchange('a', 1)], [exchange('c', 3), exchange('b', 2)])
    expect(ring.map(({ id, state }) => [id, state])).toEqual([
      ['c', 'ended'],
      ['b', 'ended'],
      ['a', 'ended'],
    ])
  })

  test('a page that came late does not open what has ended', () => {
    const [one] = remember([exchange('a', 1)], [exchange('a', 1, { state: 'open' })])
    expect(one!.state).toBe('ended')
  })

  test('an older page goes to the end', () => {
    expect(remember([exchange('c', 3)], [exchange('a', 1), exchange('b', 2)]).map(({ id }) => id)).toEqual([
      'c',
      'b',
      'a',
    ])
  })

  test('the oldest are forgotten', () => {
    const many = Array.from({ length: mostRemembered }, (_, index) => exchange(`x${index}`, index))
    const ring = remember(remember([], many), [exchange('newest', mostRemembered)])
    expect(ring).toHaveLength(mostRemembered)
    expect(ring[0]!.id).toBe('newest')
    expect(ring.some(({ id }) => id === 'x0')).toBe(false)
  })

  test('nothing told, nothing drawn: the same list', () => {
    const ring = [exchange('a', 1)]
    expect(remember(ring, [])).toBe(ring)
  })
})
