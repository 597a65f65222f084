import { describe, expect, test } from 'vitest'
import { createCorrections } from '../../../src-core/tokens/corrections.ts'

type Answer = [estimated: number | undefined, used: number | undefined]

const cases: [string, Answer[], number][] = [
  ['nothing known', [], 1],
  ['one answer counts as it is', [[10_000, 13_000]], 1.3],
  [
    'a few as their mean',
    [
      [10_000, 13_000],
      [10_000, 11_000],
    ],
    1.2,
  ],
  ['many as a moving average', [...Array<Answer>(50).fill([10_000, 12_000]), [10_000, 17_000]], 1.3],
  ['a small request tells nothing', [[2499, 3000]], 1],
  [
    'half as much and twice as much are believed',
    [
      [10_000, 5000],
      [10_000, 20_000],
    ],
    1.25,
  ],
  [
    'what lies outside is about something else',
    [
      [10_000, 4999],
      [10_000, 20_001],
      [10_000, 0],
    ],
    1,
  ],
  [
    'no usage, no estimate',
    [
      [10_000, undefined],
      [undefined, 10_000],
    ],
    1,
  ],
  [
    'what is no number',
    [
      [10_000, Number.NaN],
      [Number.NaN, 10],
    ],
    1,
  ],
]

describe('corrections', () => {
  test.each(cases)('%s', (_, answers, factor) => {
    const corrections = createCorrections()
    for (const [estimatedTokens, inputTokens] of answers) {
      const usage = inputTokens === undefined ? undefined : { inputTokens, outputTokens: 1, totalTokens: 1 }
      corrections.learn({ target: 'p.m', estimatedTokens, usage })
    }
    expect(corrections.factor('p.m')).toBeCloseTo(factor)
    expect(corrections.factor('p.other')).toBe(1)
  })

  test('names without end do not fill the memory: the oldest is forgotten', () => {
    const corrections = createCorrections()
    for (let index = 0; index <= 1000; index++) {
      const usage = { inputTokens: 13_000, outputTokens: 1, totalTokens: 13_001 }
      corrections.learn({ target: `p.m${index}`, estimatedTokens: 10_000, usage })
    }
    expect([corrections.factor('p.m0'), corrections.factor('p.m1000')]).toEqual([1, 1.3])
  })
})
