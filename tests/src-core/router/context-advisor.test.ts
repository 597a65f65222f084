import { describe, expect, test } from 'vitest'
import { adviseContext } from '../../../src-core/router/context-advisor.ts'
import { target } from './rig.ts'

const advise = (
  inputTokens: number,
  limit: number,
  warnRatio = 0.9,
  wishedOutputTokens = 0,
  maxOutputTokens?: number,
) =>
  adviseContext(
    { inputTokens, wishedOutputTokens, warnRatio },
    target('a.b', { maxContextTokens: limit, maxOutputTokens }),
  )

describe('context-advisor', () => {
  test.each([
    [179_999, 'safe'],
    [180_000, 'risky'],
    [199_999, 'risky'],
    [200_000, 'overflow'],
    [0, 'unknown'],
  ])('%i tokens in a window of 200,000: %s', (tokens, tier) => {
    expect(advise(tokens, 200_000).tier).toBe(tier)
  })

  test.each([
    ['wished output counts', 500, 1000, 500, undefined, 'overflow'],
    ['up to what the target can give', 500, 1000, 500, 100, 'safe'],
    ['without a wish only the input', 899, 1000, 0, 100, 'safe'],
  ])('%s', (_, input, limit, wished, most, tier) => {
    expect(advise(input, limit, 0.9, wished, most).tier).toBe(tier)
  })

  test.each([
    [5, 98, 'safe'],
    [5, 99, 'risky'],
    [0, 9, 'safe'],
    [0, 90, 'risky'],
    [-1, 10, 'risky'],
    [Number.NaN, 89, 'safe'],
  ])('CA12: a warnRatio of %s is brought into range: %i of 100 is %s', (warnRatio, tokens, tier) => {
    expect(advise(tokens, 100, warnRatio).tier).toBe(tier)
  })

  test.each([
    [1.2, 899, 'overflow'],
    [1.2, 800, 'risky'],
    [1.2, 700, 'safe'],
    [0.5, 1999, 'overflow'],
    [0.5, 1700, 'safe'],
  ])('a model that counts %s times as much as estimated: %i of 1000 is %s', (correction, tokens, tier) => {
    const need = { inputTokens: tokens, wishedOutputTokens: 0, warnRatio: 0.9 }
    expect(adviseContext(need, target('a.b', { maxContextTokens: 1000 }), correction).tier).toBe(tier)
  })

  test("the wished output is the client's own figure and is not corrected", () => {
    const need = { inputTokens: 400, wishedOutputTokens: 300, warnRatio: 0.9 }
    expect(adviseContext(need, target('a.b', { maxContextTokens: 1000 }), 1.5).needed).toBe(900)
  })

  test.each([0, -5, Number.NaN, Infinity])('a window of %s is unknown', (limit) => {
    expect(advise(10, limit)).toMatchObject({ tier: 'unknown', ratio: undefined })
  })
})
