import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'
import { trueTokens } from '../../../src-core/tokens/true-tokens.ts'
import { sampleTexts } from '../../helpers/sample-texts.ts'

describe('true-tokens', () => {
  test.each(Object.entries(sampleTexts))('%s as the tokenizer counts it', (_, text) => {
    expect(trueTokens(text.slice(0, 100_000))).toBe(countTokens(text.slice(0, 100_000)))
  })

  // The tokenizer alone would take minutes for each of these.
  test.each([
    ['Chinese without a full stop', '中文没有标点'.repeat(50_000), 200_000],
    ['one letter', 'a'.repeat(400_000), 50_000],
    ['white space', ' '.repeat(640_000), 5000],
    ['dashes', '-'.repeat(640_000), 10_000],
  ])('an endless word of %s is cut', (_, text, tokens) => {
    expect(Math.abs(trueTokens(`so: ${text} end.`) / tokens - 1)).toBeLessThan(0.1)
  })
})
