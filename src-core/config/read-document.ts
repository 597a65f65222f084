import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import type { Json, JsonObject } from '../model/json.ts'
import { formatPath, type Path, type Problem } from './problem.ts'
import { deepest, withLines } from './problem-lines.ts'

/** YAML text as a document (which keeps comments) and as plain values, or what is wrong with it as YAML. */
export type ReadDocument = { document: Document; lines: LineCounter; value: Json } | { problems: Problem[] }

const largestText = 1024 * 1024
/** Values a file may hold once its aliases are written out; an alias bomb passes it at once. */
const mostValues = 100_000

export function readDocument(text: string): ReadDocument {
  if (text.length > largestText) {
    return refuse('is larger than 1 MB', 'A config of this size is most likely another file.')
  }
  const lines = new LineCounter()
  let document: Document
  try {
    document = parseDocument(text.replace(/^\uFEFF/, ''), {
      merge: true,
      uniqueKeys: false, // found below, with their paths
      prettyErrors: false, // would quote the text, and with it perhaps a secret
      logLevel: 'error',
      lineCounter: lines,
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return refuse('is nested too deeply', 'A config never needs more than a few levels.')
  }
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0) {
    const problems = broken.slice(0, 20).map(({ code, pos }) => {
      const { line, col } = lines.linePos(pos[0])
      return { path: `line ${Math.max(line, 1)}, column ${Math.max(col, 1)}`, ...(syntaxWords[code] ?? anySyntaxWords) }
    })
    return { problems }
  }
  const problems: Problem[] = []
  const value = plainValue(document, (path, message, hint) => problems.push({ path: formatPath(path), message, hint }))
  return problems.length > 0 ? { problems: withLines(problems, document, lines) } : { document, lines, value }
}

function refuse(message: string, hint: string): ReadDocument {
  return { problems: [{ path: '(file)', message, hint }] }
}

const anySyntaxWords = {
  message: 'is not valid YAML here',
  hint: 'Look at the indentation, the quotes and the brackets around this place.',
}

const syntaxWords: Record<string, { message: string; hint: string }> = {
  BAD_INDENT: { message: 'the indentation does not fit', hint: 'Keys of one level start in the same column.' },
  TAB_AS_INDENT: { message: 'a tab is used for indentation', hint: 'Indent with spaces.' },
  BAD_ALIAS: {
    message: 'an alias (*name) is not usable here',
    hint: 'Its anchor (&name) must stand before it; quote a text that starts with *.',
  },
  MISSING_CHAR: {
    message: 'a quote, bracket, colon or comma is missing',
    hint: 'Something opened before this place is not closed.',
  },
  MULTIPLE_DOCS: { message: 'a second document starts', hint: 'Keep one document; remove the line ---.' },
  TAG_RESOLVE_FAILED: {
    message: 'an unknown tag (!name) is used',
    hint: 'Remove the tag, or quote a text that starts with !.',
  },
  RESOURCE_EXHAUSTION: {
    message: 'is nested too deeply',
    hint: 'A config never needs more than a few levels.',
  },
  BAD_SCALAR_START: { message: 'a text starts with a reserved character', hint: 'Put the text in quotes.' },
}

/** Walks the document once, aliases and merges written out, and reports what a config must not contain. */
function plainValue(document: Document, report: (path: Path, message: string, hint: string) => void): Json {
  const anchors = new Map<string, Node>()
  const open = new Set<unknown>()
  let values = 0
  let exhausted = false

  function walk(node: unknown, path: Path, expanding: boolean): Json {
    if (exhausted) return null
    if (++values > mostValues) {
      exhausted = true
      report([], 'its aliases unfold into far too much', 'Write the values out instead of nesting aliases.')
      return null
    }
    if (path.length > deepest) {
      report(path.slice(0, 8), 'is nested too deeply', 'A config never needs more than a few levels.')
      return null
    }
    if (isAlias(node)) {
      const anchored = anchors.get(node.source)
      if (!anchored)
        return reported(path, 'an alias (*name) has no anchor before it', 'Define &name earlier in the file.')
      if (open.has(anchored))
        return reported(path, 'refers to itself', 'An alias must not stand inside its own anchor.')
      return walk(anchored, path, true)
    }
    const anchor = !expanding && (isScalar(node) || isMap(node) || isSeq(node)) ? node.anchor : undefined
    if (anchor) anchors.set(anchor, node as Node)
    if (isSeq(node)) {
      return inside(node, () => node.items.map((item, index) => walk(item, [...path, index], expanding)))
    }
    if (isMap(node)) return inside(node, () => mapValue(node, path, expanding))
    const value: unknown = isScalar(node) ? node.value : null
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Json
    return reported(path, 'is not a text, number, true or false', 'Put the value in quotes.')
  }

  function mapValue(map: YAMLMap, path: Path, expanding: boolean): JsonObject {
    const result: JsonObject = {}
    const merged: JsonObject[] = []
    for (const { key, value } of map.items) {
      if (isScalar(key) && typeof key.value === 'symbol') {
        const source = walk(value, [...path, '<<'], expanding)
        for (const part of Array.isArray(source) ? source : [source]) {
          if (typeof part === 'object' && part !== null && !Array.isArray(part)) merged.push(part)
          else
            report(
              [...path, '<<'],
              'merges something that is no mapping',
              'Write `<<: *name` with an anchored mapping.',
            )
        }
        continue
      }
      const name = keyName(key)
      if (name === undefined || name === '__proto__') {
        report(path, 'has a key that is not usable', 'A key is a plain word, or a text in quotes.')
        continue
      }
      if (Object.hasOwn(result, name)) {
        report([...path, name], 'stands here twice', 'Keep one of the two.')
        continue
      }
      if (isScalar(key) && key.anchor && !expanding) anchors.set(key.anchor, key)
      result[name] = walk(value, [...path, name], expanding)
    }
    for (const part of merged) {
      for (const [name, value] of Object.entries(part)) if (!Object.hasOwn(result, name)) result[name] = value
    }
    return result
  }

  function inside<T>(node: unknown, read: () => T): T {
    open.add(node)
    const value = read()
    open.delete(node)
    return value
  }

  function reported(path: Path, message: string, hint: string): null {
    report(path, message, hint)
    return null
  }

  return walk(document.contents, [], false)
}

/** `1.0:` keeps its text; an empty key or a whole mapping as a key is none. */
function keyName(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null || key.value === '') return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
}
