import { describe, expect, test } from 'vitest'
import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { printDocument } from '../../../src-core/config/print-document.ts'

const text = `# The house of the cat.
version: 1   # first


gateway:
  port: 4141          # the usual one
  host:   127.0.0.1
  allowedOrigins: [ "http://a.example",   'http://b.example' ]

virtualrouter:
    # two of them
    providers:
        litellm:   { profile: litellm,   enabled: true }   # proxy
        "quoted.name":
            folded: >-
              one long line that is folded
              over two
            note: |
              several

              lines
    routing:
        default:
        - targets: [d.*]   # anything
          id: main

        # the spare
        - { id: spare, backup: true }
`

function places(node: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (isScalar(node)) return [path]
  if (isMap(node)) return node.items.flatMap(({ key, value }) => places(value, [...path, String(key)]))
  if (isSeq(node)) return node.items.flatMap((item, index) => places(item, [...path, index]))
  return []
}

const changed = (from: string, to: string) => {
  const [before, after] = [from.split('\n'), to.split('\n')]
  return after.filter((line) => !before.includes(line))
}
const plain = places(parseDocument(text).contents).filter((path) => !['note', 'folded'].includes(String(path.at(-1))))

describe('one value changed', () => {
  test.each(plain.map((path) => [path.join('.'), path] as const))('%s changes one line', (_name, path) => {
    const document = parseDocument(text)
    document.setIn(path, 'changed')
    const printed = printDocument(document, text)
    expect(changed(text, printed)).toHaveLength(1)
    expect(printed.split('\n')).toHaveLength(text.split('\n').length)
    expect(parseDocument(printed).toJS()).toEqual(document.toJS())
  })

  test('nothing changed, nothing changes', () => {
    expect(printDocument(parseDocument(text), text)).toBe(text)
  })

  test('a block text keeps the comments around it', () => {
    const document = parseDocument(text)
    document.setIn(['virtualrouter', 'providers', 'quoted.name', 'note'], 'a\n\nb\n')
    const printed = printDocument(document, text)
    expect(parseDocument(printed).toJS()).toEqual(document.toJS())
    for (const comment of text.match(/# .*/g)!) expect(printed).toContain(comment)
  })
})

describe('keys added and removed', () => {
  test.each<[string, (string | number)[], unknown, string[]]>([
    ['at the top', ['extra'], 'x', ['extra: x']],
    ['in a block', ['virtualrouter', 'activeGroup'], 'azure', ['    activeGroup: azure']],
    [
      'deeper, in its own indentation',
      ['virtualrouter', 'providers', 'quoted.name', 'enabled'],
      false,
      ['            enabled: false'],
    ],
    [
      'in a flow mapping',
      ['virtualrouter', 'providers', 'litellm', 'discovery'],
      'off',
      ['        litellm: { profile: litellm, enabled: true, discovery: off } # proxy'],
    ],
    ['in a list', ['virtualrouter', 'routing', 'default', 0, 'backup'], true, ['          backup: true']],
  ])('%s', (_name, path, value, lines) => {
    const document = parseDocument(text)
    document.setIn(path, value)
    const printed = printDocument(document, text)
    expect(changed(text, printed)).toEqual(lines)
    expect(parseDocument(printed).toJS()).toEqual(document.toJS())
  })

  test('a removed key takes only its line along', () => {
    const document = parseDocument(text)
    document.deleteIn(['gateway', 'host'])
    expect(printDocument(document, text)).toBe(text.replace('  host:   127.0.0.1\n', ''))
  })
})

test.each([
  ['{"a":1,"b":[1,2]}', '{"a":5,"b":[1,2]}'],
  ['{\n    "a": 1,\n    "b": [\n        1\n    ]\n}\n', '{\n    "a": 5,\n    "b": [\n        1\n    ]\n}\n'],
  ['{\n\t"a": 1\n}', '{\n\t"a": 5\n}'],
  ['{ a: 1 } # flow YAML', '{ a: 5 } # flow YAML'],
])('JSON stays JSON: %j', (before, after) => {
  const document = parseDocument(before)
  document.setIn(['a'], 5)
  expect(printDocument(document, before).trimEnd()).toBe(after.trimEnd())
})

test('CRLF stays CRLF', () => {
  const before = text.replaceAll('\n', '\r\n')
  const document = parseDocument(before)
  document.setIn(['gateway', 'port'], 1)
  expect(printDocument(document, before)).toBe(before.replace('4141          # the', '1 # the'))
})
