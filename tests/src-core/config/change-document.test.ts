import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { type Change, changeDocument } from '../../../src-core/config/change-document.ts'
import { printDocument } from '../../../src-core/config/print-document.ts'

const text = `# mine
version: 1
providers:
  one:   # the first
    models: { a: {}, b: { maxContextTokens: 1000 } }   # two of them
    empty:
  two: { enabled: true }
pools:
  # tried first
  - { id: main, targets: [one.a, two.b] }
  - { id: spare, targets: [one.b] }   # never needed
mapping:
  "x*": one.a   # any x
  "*": one.b
`

function changed(...changes: Change[]): string {
  const document = parseDocument(text)
  changeDocument(document, changes)
  return printDocument(document, text)
}

const words = (printed: string) => printed.replaceAll(/\s/g, '')

describe('a change of one place leaves the rest of the text as it was', () => {
  test.each<[what: string, change: Change, before: string, after: string]>([
    [
      'a value',
      { path: ['providers', 'one', 'models', 'b', 'maxContextTokens'], value: 2000 },
      'maxContextTokens: 1000',
      'maxContextTokens: 2000',
    ],
    [
      'a value where there was none',
      { path: ['providers', 'one', 'models', 'a', 'maxContextTokens'], value: 5 },
      'a: {}',
      'a: { maxContextTokens: 5 }',
    ],
    [
      'below a key with nothing after it',
      { path: ['providers', 'one', 'empty', 'x'], value: 1 },
      'empty:\n',
      'empty:\n      x: 1\n',
    ],
    [
      'a list on one line stays there',
      { path: ['pools', 0, 'targets'], value: ['two.b', 'one.a'] },
      '[one.a, two.b]',
      '[two.b, one.a]',
    ],
    ['taken out', { path: ['providers', 'two'] }, '  two: { enabled: true }\n', ''],
    ['taken out, though it was not there', { path: ['providers', 'three', 'x'] }, '', ''],
    [
      'a new part',
      { path: ['health', 'cooldownMs'], value: 5 },
      '"*": one.b\n',
      '"*": one.b\nhealth:\n  cooldownMs: 5\n',
    ],
  ])('%s', (_what, change, before, after) => {
    // lines that change are printed in our own spacing
    expect(words(changed(change))).toBe(words(text.replace(before, after)))
  })

  test('an item moves with its comment, in a list and in a mapping', () => {
    const listed = changed({ path: ['pools', 1], to: 0 })
    expect(listed.indexOf('id: spare')).toBeLessThan(listed.indexOf('id: main'))
    expect(listed).toMatch(/id: spare.*# never needed/)
    const mapped = changed({ path: ['mapping', '*'], to: 0 })
    expect(Object.keys(parseDocument(mapped).toJS().mapping)).toEqual(['*', 'x*'])
    expect(mapped).toMatch(/"x\*": one.a +# any x/)
  })

  test('several, in order', () => {
    const both = changed(
      { path: ['providers', 'three'], value: { enabled: false } },
      { path: ['providers', 'three', 'enabled'], value: true },
    )
    expect(parseDocument(both).toJS().providers.three).toEqual({ enabled: true })
  })
})

test.each<[what: string, source: string, change: Change, words: RegExp]>([
  ['a reference', 'a: &a { x: 1 }\nb: *a\n', { path: ['b', 'x'], value: 2 }, /^b is written as a reference/],
  ['below a plain value', 'a: 1\n', { path: ['a', 'x'], value: 2 }, /^a is not something with parts/],
  ['a move of what is not there', 'a: [1]\n', { path: ['a', 3], to: 0 }, /^There is no a\[3\] to move/],
])('%s is refused in words', (_what, source, change, words) => {
  expect(() => changeDocument(parseDocument(source), [change])).toThrow(words)
})
