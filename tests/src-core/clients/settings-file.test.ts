import fc from 'fast-check'
import { stripComments } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { applyEdits, revertEdits } from '../../../src-core/clients/edit.ts'
import { settingsFile } from '../../../src-core/clients/settings-file.ts'

const key = 'security.auth.selectedType'

function set(text: string, value = 'gemini-api-key'): string {
  return applyEdits(text, settingsFile.set(text, key, value))
}

/** What the Gemini CLI makes of the text. */
function asRead(text: string): unknown {
  return JSON.parse(stripComments(text.replace(/^\uFEFF/, ''), ' '))
}

describe('setting a key', () => {
  test.each<[string, string, string]>([
    ['no text', '', '{\n  "security": {\n    "auth": {\n      "selectedType": "gemini-api-key"\n    }\n  }\n}\n'],
    [
      'an empty object',
      '{}',
      '{\n  "security": {\n    "auth": {\n      "selectedType": "gemini-api-key"\n    }\n  }\n}',
    ],
    [
      'one line',
      '{ "ui": { "theme": "Dark" } }',
      '{ "ui": { "theme": "Dark" }, "security": { "auth": { "selectedType": "gemini-api-key" } } }',
    ],
    ['one line without spaces', '{"a":1}', '{"a":1,"security":{"auth":{"selectedType":"gemini-api-key"}}}'],
    [
      'a comment after the last value stays with it',
      '{\n  "a": 1 // mine\n  // the end\n}\n',
      '{\n  "a": 1, // mine\n  // the end\n  "security": {\n    "auth": {\n      "selectedType": "gemini-api-key"\n    }\n  }\n}\n',
    ],
    [
      'tabs and CRLF',
      '{\r\n\t"a": 1\r\n}\r\n',
      '{\r\n\t"a": 1,\r\n\t"security": {\r\n\t\t"auth": {\r\n\t\t\t"selectedType": "gemini-api-key"\r\n\t\t}\r\n\t}\r\n}\r\n',
    ],
    [
      'four spaces, half of the path there',
      '{\n    "security": {\n        "folderTrust": { "enabled": true }\n    },\n    "z": 0\n}',
      '{\n    "security": {\n        "folderTrust": { "enabled": true },\n        "auth": {\n            "selectedType": "gemini-api-key"\n        }\n    },\n    "z": 0\n}',
    ],
    [
      'an empty object inside',
      '{\n  "security": { "auth": {} }\n}',
      '{\n  "security": { "auth": { "selectedType": "gemini-api-key" } }\n}',
    ],
    [
      'another value there',
      '{"security": {"auth": {"selectedType": /* work */ "oauth-personal"}}}',
      '{"security": {"auth": {"selectedType": /* work */ "gemini-api-key"}}}',
    ],
    [
      'a byte order mark',
      '\uFEFF{\n  "a": 1\n}',
      '\uFEFF{\n  "a": 1,\n  "security": {\n    "auth": {\n      "selectedType": "gemini-api-key"\n    }\n  }\n}',
    ],
    [
      'equal names: the last one counts',
      '{ "security": { "auth": { "selectedType": "x" } }, "security": { "auth": { "selectedType": "y" } } }',
      '{ "security": { "auth": { "selectedType": "x" } }, "security": { "auth": { "selectedType": "gemini-api-key" } } }',
    ],
    [
      'a comment alone in braces',
      '{\n  // nothing yet\n}\n',
      '{\n  // nothing yet\n  "security": {\n    "auth": {\n      "selectedType": "gemini-api-key"\n    }\n  }\n}\n',
    ],
  ])('%s', (_, before, after) => {
    expect(set(before)).toBe(after)
    expect(settingsFile.find(after, key)?.value).toBe('gemini-api-key')
  })

  test.each(['null', '"text"', '[]', '3'])('a parent that is %s is refused, not replaced', (value) => {
    expect(() => set(`{ "security": ${value} }`)).toThrow('"security" is not an object')
  })
})

describe('a text the CLI would not read', () => {
  test.each<[string, string]>([
    ['{\n  "a": 1,\n}', 'line 3, column 1: property name expected'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: comma expected'],
    ['{\r\n  "a": tru\r\n}', 'line 2, column 8: invalid symbol'],
    ['{ "a": 1', 'line 1, column 9: close brace expected'],
    ['[1]', 'line 1, column 1: the settings must be an object'],
    ['{} {}', 'line 1, column 4: end of file expected'],
    ['{ /* open', 'unexpected end of comment'],
  ])('%j', (text, words) => {
    expect(() => settingsFile.check(text, 'settings.json')).toThrow(words)
  })

  test.each(['', ' \n', '{}', '\uFEFF{}', '// c\n{ /* d */ }'])('%j is read', (text) => {
    settingsFile.check(text, 'settings.json')
  })
})

describe('removing a key', () => {
  test.each<[string, string, number, string]>([
    ['with all it made', set('{\n  "a": 1\n}\n'), 0, '{\n  "a": 1\n}\n'],
    [
      'a level that was there before stays',
      '{\n  "security": {\n    "auth": {\n      "selectedType": "x"\n    }\n  }\n}',
      1,
      '{\n  "security": {\n  }\n}',
    ],
    [
      'what the user put beside it stays',
      '{ "security": { "auth": { "selectedType": "x", "useExternal": true } } }',
      0,
      '{ "security": { "auth": { "useExternal": true } } }',
    ],
    [
      'a comment put inside stays',
      '{ "security": { "auth": { "selectedType": "x" /* mine */ } } }',
      0,
      '{ "security": { "auth": { /* mine */ } } }',
    ],
    [
      'comments around it stay',
      '{\n  "a": 1, // one\n  // two\n  "security": { "auth": { "selectedType": "x" } }, // three\n  "b": 2\n}',
      0,
      '{\n  "a": 1, // one\n  // two\n   // three\n  "b": 2\n}',
    ],
    [
      'the last one takes the comma before it',
      '{\n  "a": 1, // one\n  // two\n  "security": { "auth": { "selectedType": "x" } }\n  // three\n}',
      0,
      '{\n  "a": 1 // one\n  // two\n  // three\n}',
    ],
    [
      'a comma behind a comment',
      '{ "security": { "auth": { "selectedType": "x" } } /* , */ , "b": 2 }',
      0,
      '{ /* , */  "b": 2 }',
    ],
  ])('%s', (_, before, keptDepth, after) => {
    expect(applyEdits(before, settingsFile.remove(before, key, keptDepth))).toBe(after)
    asRead(after)
  })
})

// Any settings text a person could have: values, comments, indents, line endings.
const word = fc.string({ unit: fc.constantFrom(...'abcAB 9é漢"\\/*'), maxLength: 8 })
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, word, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(word, tie('any'), { maxKeys: 3, noNullPrototype: true }),
})).any
const settings = fc
  .record({
    foreign: fc.dictionary(word, value, { maxKeys: 5, noNullPrototype: true }),
    security: fc.constantFrom(
      undefined,
      {},
      { auth: {} },
      { auth: { selectedType: 'oauth-personal' } },
      { folderTrust: { enabled: true }, auth: { useExternal: false } },
    ),
    first: fc.boolean(),
  })
  .map(({ foreign, security, first }) => {
    const own = security === undefined ? {} : { security }
    return first ? { ...own, ...foreign } : { ...foreign, ...own }
  })
const style = fc.record({
  indent: fc.constantFrom('', '  ', '    ', '\t'),
  eol: fc.constantFrom('\n', '\r\n'),
  bom: fc.constantFrom('', '\uFEFF'),
  tail: fc.constantFrom('', '\n', '\n// bye\n', ' /* bye */'),
  comments: fc.array(fc.constantFrom('', '', '/* block */', '// line'), { minLength: 1, maxLength: 7 }),
})

/** Prints settings with comments after commas and opening braces, wherever the style says. */
function print(
  object: object,
  { indent, eol, bom, tail, comments }: typeof style extends fc.Arbitrary<infer S> ? S : never,
): string {
  const plain = JSON.stringify(object, null, indent)
  let count = 0
  const commented = plain.replace(
    /("(?:\\.|[^"\\])*")|([,{[])(\n?)/g,
    (all, text: string, mark: string, newline: string) => {
      if (text !== undefined) return all
      const comment = comments[count++ % comments.length]!
      return comment.startsWith('//') && newline === ''
        ? `${mark}${newline}`
        : `${mark}${comment && ` ${comment}`}${newline}`
    },
  )
  return bom + (commented + tail).replaceAll('\n', eol)
}

const commentsOf = (text: string) => text.match(/\/\* \w+ \*\/|\/\/ \w+/g) ?? []

describe('any settings', () => {
  test('setting changes one key; reverting gives back every byte', () => {
    fc.assert(
      fc.property(settings, style, (object, look) => {
        const before = print(object, look)
        settingsFile.check(before, 'settings.json')
        const edits = settingsFile.set(before, key, 'gemini-api-key')
        const after = applyEdits(before, edits)
        settingsFile.check(after, 'settings.json')
        const expected = structuredClone(asRead(before)) as { security?: { auth?: { selectedType?: string } } }
        expected.security = {
          ...expected.security,
          auth: { ...expected.security?.auth, selectedType: 'gemini-api-key' },
        }
        expect(asRead(after)).toEqual(expected)
        expect(commentsOf(after)).toEqual(commentsOf(before))
        expect(revertEdits(after, edits)).toBe(before)
      }),
      { numRuns: 500 },
    )
  })

  test('set, then removed by key, reads as before with every comment', () => {
    fc.assert(
      fc.property(settings, style, (object, look) => {
        const before = print(object, look)
        const found = settingsFile.find(before, key)
        const depth = settingsFile.depth(before, key)
        const after = set(before)
        const undo = found ? settingsFile.setRaw(after, key, found.raw) : settingsFile.remove(after, key, depth)
        const undone = applyEdits(after, undo)
        expect(asRead(undone)).toEqual(asRead(before))
        expect(commentsOf(undone)).toEqual(commentsOf(before))
      }),
      { numRuns: 500 },
    )
  })
})
