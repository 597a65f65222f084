import words from 'gpt-tokenizer/bpeRanks/o200k_base'
import { describe, expect, test } from 'vitest'
import file from '../../../src-core/tokens/o200k.json' with { type: 'json' }
import { o200k } from '../../../src-core/tokens/o200k.ts'
import { createVocabulary, longestWordLength, vocabularyFilter } from '../../../src-core/tokens/vocabulary.ts'

const longest = (text: string, from = 0) => o200k().longestWord(text, from, text.length)

describe('vocabulary', () => {
  test('the file holds the words of the tokenizer that is installed', () => {
    const known = words.filter((word): word is string => typeof word === 'string' && word.length <= longestWordLength)
    const filter = Buffer.from(file.filter, 'base64')
    expect(known.length).toBeGreaterThan(190_000)
    // When this fails, write the file anew: node build/token-vocabulary.mjs
    expect(filter.equals(vocabularyFilter(known, filter.length))).toBe(true)
  })

  test.each([
    [' the', 4],
    ['hello', 5],
    ['你好', 2],
    ['\ue000', 0],
  ])('the longest word at the start of %j', (text, length) => expect(longest(text)).toBe(length))

  test('a place in the middle, and an end before the text ends', () => {
    expect(longest('xx hello', 2)).toBe(6)
    expect(o200k().longestWord('hello', 0, 1)).toBe(1)
  })

  test('few strings that are no words pass for one', () => {
    const filter = vocabularyFilter(
      Array.from({ length: 20_000 }, (_, index) => `w${index}`),
      30_000,
    )
    const vocabulary = createVocabulary(filter)
    const passed = Array.from({ length: 20_000 }, (_, index) => `n${index}`).filter(
      (word) => vocabulary.longestWord(word, 0, word.length) === word.length,
    )
    expect(passed.length).toBeLessThan(200)
  })
})
