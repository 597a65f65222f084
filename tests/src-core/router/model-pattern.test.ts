import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { modelPattern } from '../../../src-core/router/model-pattern.ts'

describe('model-pattern', () => {
  test.each([
    ['gemini-*', 'gemini-3', true],
    ['gemini-*', 'gemini-', true],
    ['gemini-*', 'my-gemini-3', false],
    ['*flash', 'gemini-3-flash', true],
    ['*flash', 'gemini-3-flash-lite', false],
    ['gemini-*-flash*', 'gemini-3-flash-preview', true],
    ['gemini-*-flash*', 'gemini-flash', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*b', 'ab', false],
    ['*', '', true],
    ['**', 'anything/at.all', true],
    ['gpt-4.1', 'gpt-4.1', true],
    ['gpt-4.1', 'gpt-4x1', false],
    ['g(p)t+*', 'g(p)t+5', true],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(modelPattern(pattern)(name)).toBe(expected)
  })

  test('means what the regular expression means', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, name) => {
        expect(modelPattern(pattern)(name)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name))
      }),
      { numRuns: 2000 },
    )
  })
})
