import { expect, test } from 'vitest'
import { aggregateUsage, type UsageKey } from '../../../src-core/observe/usage.ts'
import { view } from './exchange-view-rig.ts'

const hour = 3_600_000
const tokens = (inputTokens: number, outputTokens: number) => ({
  usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
})
const exchanges = [
  view('x1', hour + 1, { ...tokens(100, 10), durationMs: 10, firstContentMs: 4 }),
  view('x2', 2 * hour - 1, { ...tokens(200, 20), durationMs: 30, firstContentMs: 8 }),
  view('x3', 2 * hour, { target: 'b.y', route: 'tools', ...tokens(1, 1), durationMs: 20 }),
  view('x4', 2 * hour, { error: { kind: 'timeout', message: 'too slow' }, durationMs: 9999 }),
  view('x5', 2 * hour, { error: { kind: 'client-gone', message: 'left' } }),
  view('x6', 2 * hour, { target: undefined, route: undefined, error: { kind: 'no-target', message: 'none' } }),
]

test.each<[UsageKey[], unknown[]]>([
  [[], [{ requests: 6, errors: 2, inputTokens: 301, outputTokens: 31 }]],
  [
    ['target'],
    [
      { target: 'a.x', requests: 4, errors: 1, inputTokens: 300 },
      { target: 'b.y', requests: 1, errors: 0, inputTokens: 1 },
      { target: 'none', requests: 1, errors: 1, inputTokens: 0 },
    ],
  ],
  [
    ['hour'],
    [
      { hour: hour, requests: 2 },
      { hour: 2 * hour, requests: 4 },
    ],
  ],
  [
    ['route', 'hour'],
    [
      { route: 'default', hour: hour, requests: 2 },
      { route: 'tools', hour: 2 * hour, requests: 1 },
      { route: 'default', hour: 2 * hour, requests: 2 },
      { route: 'none', hour: 2 * hour, requests: 1 },
    ],
  ],
])('by %j', (by, expected) => {
  expect(aggregateUsage(exchanges, by)).toMatchObject(expected)
})

test('only the keys that were asked for are there', () => {
  expect(Object.keys(aggregateUsage(exchanges, ['hour'])[0]!)).not.toContain('target')
})

test('latency is told of those that were answered', () => {
  const [row] = aggregateUsage(exchanges, ['target'])
  expect(row).toMatchObject({ durationMs: { p50: 30, p95: 30 }, firstContentMs: { p50: 8, p95: 8 } })
  expect(aggregateUsage([exchanges[3]!], [])[0]!.durationMs).toBeUndefined()
})
