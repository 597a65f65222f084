import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyEdits, revertEdits } from '../../../src-core/clients/edit.ts'
import { envFile } from '../../../src-core/clients/env-file.ts'

function set(text: string, key: string, value: string): string {
  return applyEdits(text, envFile.set(text, key, value))
}

describe('reading as dotenv does', () => {
  test.each<[string, string | undefined]>([
    ['A=1', '1'],
    ['  export A = 1 ', '1'],
    ['A=1 # note', '1'],
    ["A='1 # no note'", '1 # no note'],
    ['A="x\\ny"', 'x\ny'],
    ["A='x\\ny'", 'x\\ny'],
    ['A="two\nlines"', 'two\nlines'],
    ['A=1\nA=2', '2'],
    ['A=', ''],
    ['A: 1', '1'],
    ['# A=1', undefined],
    ['AA=1', undefined],
    ['B=1\r\nA=2\r\n', '2'],
  ])('%j', (text, value) => {
    expect(envFile.find(text, 'A')?.value).toBe(value)
  })
})

describe('setting', () => {
  test.each<[string, string, string, string]>([
    ['no text', '', 'v', 'A=v\n'],
    ['at the end', 'B=1\n', 'v', 'B=1\nA=v\n'],
    ['no newline at the end', 'B=1', 'v', 'B=1\nA=v\n'],
    ['CRLF', 'B=1\r\nC=2\r\n', 'v', 'B=1\r\nC=2\r\nA=v\r\n'],
    ['in place, comment and export kept', 'export A=old # mine\nB=1\n', 'v', 'export A=v # mine\nB=1\n'],
    ['an empty value', 'A=\nB=1\n', 'v', 'A=v\nB=1\n'],
    ['the one that counts', 'A=1\nA=2\n', 'v', 'A=1\nA=v\n'],
    ['a value over two lines', 'A="x\ny"\nB=1\n', 'v', 'A=v\nB=1\n'],
    ['a hash', '', 'a#b', "A='a#b'\n"],
    ['a quote', '', "it's", 'A="it\'s"\n'],
  ])('%s', (_, before, value, after) => {
    expect(set(before, 'A', value)).toBe(after)
    expect(envFile.find(after, 'A')?.value).toBe(value)
  })

  test('a value no .env can hold is refused', () => {
    expect(() => set('', 'A', 'a\'b"c`d\n')).toThrow('cannot hold')
  })
})

describe('removing', () => {
  test.each<[string, string, string]>([
    ['its line', 'B=1\nA=v\nC=2\n', 'B=1\nC=2\n'],
    ['the last line', 'B=1\nA=v', 'B=1\n'],
    ['a comment on the line stays', 'A=v # mine\nB=1\n', '# mine\nB=1\n'],
    ['the only line', 'A=v\n', ''],
  ])('%s', (_, before, after) => {
    expect(applyEdits(before, envFile.remove(before, 'A', 0))).toBe(after)
  })
})

test('any file: set changes one variable, and every byte can come back', () => {
  const name = fc.constantFrom('A', 'B', 'GEMINI_API_KEY', 'HTTP_PROXY')
  const raw = fc.constantFrom('1', '', '"q"', "'s # t'", '"two\nlines"', 'x # c', '`b`', 'a=b')
  const row = fc.oneof(
    fc.tuple(fc.constantFrom('', 'export ', '  '), name, raw).map(([lead, key, text]) => `${lead}${key}=${text}`),
    fc.constantFrom('# comment', '', 'not a line'),
  )
  const file = fc
    .tuple(fc.array(row, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([rows, eol, end]) => rows.join('\n').replaceAll('\n', eol) + (end ? eol : ''))
  const names = ['A', 'B', 'GEMINI_API_KEY', 'HTTP_PROXY', 'Z']
  const values = (text: string) => Object.fromEntries(names.map((key) => [key, envFile.find(text, key)?.value]))
  fc.assert(
    fc.property(file, fc.constantFrom(...names), fc.constantFrom('v', 'a b', "it's", '#'), (before, key, value) => {
      const edits = envFile.set(before, key, value)
      const after = applyEdits(before, edits)
      expect(values(after)).toEqual({ ...values(before), [key]: value })
      expect(revertEdits(after, edits)).toBe(before)
    }),
    { numRuns: 500 },
  )
})
