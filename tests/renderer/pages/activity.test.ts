import { describe, expect, test } from 'vitest'
import type { ExchangeSummary } from '../../../renderer/exchange-ring.ts'
import { everything, filterExchanges, heldStill } from '../../../renderer/pages/activity/activity-filter.ts'
import { timeline } from '../../../renderer/pages/activity/timeline.ts'

const exchange = (id: string, more: Partial<ExchangeSummary> = {}): ExchangeSummary => ({
  id,
  startedAt: 0,
  state: 'ended',
  protocol: 'gemini-chat',
  clientModel: 'gemini-3-pro',
  stream: true,
  requestBytes: 1,
  relayedBytes: 0,
  because: [],
  calls: 1,
  ...more,
})

describe('filters', () => {
  const all = [
    exchange('open', { state: 'open' }),
    exchange('good', { target: 'north.a', route: 'default' }),
    exchange('searched', { target: 'north.a', searches: 2 }),
    exchange('moved', { target: 'south.b', route: 'default', calls: 2 }),
    exchange('failed', { route: 'coding', error: { kind: 'timeout', message: 'north did not answer in time' } }),
    exchange('left', { error: { kind: 'client-gone', message: 'The client left.' } }),
  ]
  test.each([
    ['nothing chosen', {}, ['open', 'good', 'searched', 'moved', 'failed', 'left']],
    ['open', { result: 'open' }, ['open']],
    ['failed: a client that left did not', { result: 'failed' }, ['failed']],
    ['tried again', { result: 'moved-on' }, ['moved']],
    ['searched the web', { result: 'searched' }, ['searched']],
    ['a target', { target: 'south.b' }, ['moved']],
    ['a route', { route: 'default' }, ['good', 'moved']],
    ['words of an error, in any case', { text: 'DID NOT answer' }, ['failed']],
    ['all of it at once', { route: 'default', result: 'moved-on', text: 'south' }, ['moved']],
  ] as const)('%s', (_what, filter, ids) => {
    expect(filterExchanges(all, { ...everything, ...filter }).map(({ id }) => id)).toEqual(ids)
  })
})

test('a list held still learns how its exchanges went on, and of no new ones', () => {
  const now = [exchange('new'), exchange('a', { state: 'ended' })]
  expect(heldStill([exchange('a', { state: 'open' })], now)).toEqual([now[1]])
})

test('attempts and the pauses between them share the time of the whole', () => {
  const whole = timeline(
    {
      startedAt: 1000,
      durationMs: 1000,
      attempts: [
        { target: 'north.a', attempt: 1, startedAt: 1000, outcome: 'failed', durationMs: 200, waitMs: 300 },
        { target: 'north.a', attempt: 2, startedAt: 1500, outcome: 'ok', durationMs: 500 },
      ],
    },
    9999,
  )
  expect(whole.map(({ parts }) => parts)).toEqual([
    [
      { kind: 'failed', left: 0, width: 20 },
      { kind: 'wait', left: 20, width: 30 },
    ],
    [{ kind: 'ok', left: 50, width: 50 }],
  ])
})

test('one that is still open grows with the time', () => {
  const attempts = [{ target: 'north.a', attempt: 1, startedAt: 0, outcome: 'open' as const }]
  expect(timeline({ startedAt: 0, durationMs: undefined, attempts }, 400)[0]).toMatchObject({
    ms: 400,
    parts: [{ width: 100 }],
  })
})
