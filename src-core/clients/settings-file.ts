import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode, stripComments } from 'jsonc-parser'
import { ConnectError } from './connect-error.ts'
import { applyEdits, type Edit } from './edit.ts'
import { hidden, type KeyedDocument, lineEnding, position, replaceKnown } from './keyed-document.ts'

/** JSON with comments, as the Gemini CLI reads it: comments yes, trailing commas no. Keys are dotted paths. */
export const settingsFile: KeyedDocument = {
  check(text, path) {
    if (isBlank(text)) return
    const errors: ParseError[] = []
    const root = parseTree(readable(text), errors, { allowTrailingComma: false })
    const first = errors[0]
    if (first) throw broken(path, text, first.offset, words(printParseErrorCode(first.error)))
    if (root?.type !== 'object') throw broken(path, text, root?.offset ?? 0, 'the settings must be an object')
    try {
      JSON.parse(stripComments(readable(text), ' '))
    } catch (cause) {
      throw new ConnectError(`${path} is not valid JSON: ${cause instanceof Error ? cause.message : cause}.`, { cause })
    }
  },

  find(text, key) {
    const node = valueAt(text, key.split('.'))
    return node && { value: plain(node), raw: text.slice(node.offset, node.offset + node.length) }
  },

  depth(text, key) {
    const path = key.split('.')
    let depth = 0
    while (depth < path.length && valueAt(text, path.slice(0, depth + 1))) depth++
    return depth
  },

  set(text, key, value) {
    const path = key.split('.')
    if (isBlank(text)) {
      const eol = lineEnding(text)
      const whole = JSON.stringify(nest(path, value), null, 2).replaceAll('\n', eol) + eol
      return [{ offset: text.length, removed: '', inserted: whole }]
    }
    if (valueAt(text, path)) return this.setRaw(text, key, JSON.stringify(value))
    const depth = this.depth(text, key)
    const parent = valueAt(text, path.slice(0, depth))
    if (parent?.type !== 'object') {
      throw new ConnectError(`"${path.slice(0, depth).join('.')}" is not an object, so "${key}" cannot be set in it.`)
    }
    return insertProperty(text, parent, path[depth]!, nest(path.slice(depth + 1), value))
  },

  setRaw(text, key, raw) {
    const node = valueAt(text, key.split('.'))
    if (!node) return []
    const removed = text.slice(node.offset, node.offset + node.length)
    return removed === raw ? [] : [{ offset: node.offset, removed, inserted: raw }]
  },

  remove(text, key, keptDepth) {
    const path = key.split('.')
    const edits: Edit[] = []
    let current = text
    for (let depth = path.length; depth > keptDepth; depth--) {
      const node = valueAt(current, path.slice(0, depth))
      if (!node) break
      if (depth < path.length && !isBlank(current.slice(node.offset + 1, node.offset + node.length - 1))) break
      const step = removeProperty(current, node.parent!)
      edits.push(...step)
      current = applyEdits(current, step)
    }
    return edits
  },

  isEmpty: (text) => /^\s*(\{\s*\})?\s*$/.test(text),

  mask(text, known) {
    const secrets: Node[] = []
    const root = isBlank(text) ? undefined : parseTree(readable(text))
    if (root) collectSecrets(root, false, secrets)
    let shown = text
    for (const node of secrets.sort((a, b) => b.offset - a.offset)) {
      const name = hidden(String(node.value), known)
      shown = `${shown.slice(0, node.offset)}"${name}"${shown.slice(node.offset + node.length)}`
    }
    return replaceKnown(shown, known)
  },
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

/** A byte order mark becomes a space, so that offsets stay true. */
function readable(text: string): string {
  return text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text
}

function broken(path: string, text: string, offset: number, why: string): ConnectError {
  const { line, column } = position(text, offset)
  return new ConnectError(
    `${path}, line ${line}, column ${column}: ${why}. Nothing was changed; repair the file first.`,
  )
}

function words(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()
}

/** Of two equal names the last one counts, as for JSON.parse. */
function valueAt(text: string, path: readonly string[]): Node | undefined {
  let node = isBlank(text) ? undefined : parseTree(readable(text))
  for (const name of path) {
    if (node?.type !== 'object') return undefined
    node = node.children?.findLast((property) => property.children?.[0]?.value === name)?.children?.[1]
  }
  return node
}

function plain(node: Node): unknown {
  if (node.type === 'object')
    return Object.fromEntries((node.children ?? []).map(({ children }) => [children![0]!.value, plain(children![1]!)]))
  if (node.type === 'array') return (node.children ?? []).map(plain)
  return node.value
}

function nest(path: readonly string[], value: string): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
}

function insertProperty(text: string, parent: Node, name: string, value: unknown): Edit[] {
  const eol = lineEnding(text)
  const close = parent.offset + parent.length - 1
  const closeLine = lineStart(text, close)
  const last = parent.children?.at(-1)
  const edits: Edit[] = []
  const unit = indentUnit(text)
  if (closeLine > parent.offset && isBlank(text.slice(closeLine, close))) {
    const indent = last ? indentOf(text, last.offset) : text.slice(closeLine, close) + unit
    const body = JSON.stringify(value, null, unit).replaceAll('\n', eol + indent)
    edits.push({ offset: closeLine, removed: '', inserted: `${indent}${JSON.stringify(name)}: ${body}${eol}` })
  } else if (!parent.parent && !last && isBlank(text.slice(parent.offset + 1, close))) {
    const body = JSON.stringify({ [name]: value }, null, unit)
      .slice(1, -1)
      .replaceAll('\n', eol)
    edits.push({ offset: parent.offset + 1, removed: text.slice(parent.offset + 1, close), inserted: body })
  } else {
    const offset = parent.offset + text.slice(parent.offset, close).trimEnd().length
    const gap = last && text.slice(offset, close) === '' && !/:\s/.test(text) ? '' : ' '
    const body = gap ? `${JSON.stringify(name)}: ${spaced(value)}` : `${JSON.stringify(name)}:${JSON.stringify(value)}`
    const tail = !last && text.slice(offset, close) === '' ? ' ' : ''
    edits.push({ offset, removed: '', inserted: `${gap}${body}${tail}` })
  }
  if (last) edits.push({ offset: last.offset + last.length, removed: '', inserted: ',' })
  return edits
}

/** On one line, with the spaces a person would write. */
function spaced(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${spaced(item)}`)
  return `{ ${inner.join(', ')} }`
}

function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))![0]
}

function indentUnit(text: string): string {
  return /^[ \t]+(?=["}/])/m.exec(text)?.[0].replace(/^\t+$/, '\t') ?? '  '
}

/** Takes out a property and its comma; comments around it belong to the user and stay. */
function removeProperty(text: string, property: Node): Edit[] {
  const siblings = property.parent?.children ?? []
  const index = siblings.indexOf(property)
  const next = siblings[index + 1]
  const previous = siblings[index - 1]
  let end = property.offset + property.length
  const edits: Edit[] = []
  let comma: number | undefined
  if (next) comma = commaAfter(text, end)
  else if (previous) comma = commaAfter(text, previous.offset + previous.length)
  if (next && comma !== undefined && isBlank(text.slice(end, comma))) {
    end = comma + 1
    comma = undefined
  }
  let start = property.offset
  const line = lineStart(text, start)
  const rest = /^[ \t]*(\r\n|\n|\r)/.exec(text.slice(end))
  if (isBlank(text.slice(line, start)) && rest && line > 0) {
    start = line
    end += rest[0].length
  } else if (!isBlank(text.slice(line, start))) {
    start -= /[ \t]*$/.exec(text.slice(line, start))![0].length
  }
  const removal: Edit = { offset: start, removed: text.slice(start, end), inserted: '' }
  if (comma === undefined) return [removal]
  const separator: Edit = { offset: comma, removed: ',', inserted: '' }
  edits.push(...(comma > start ? [separator, removal] : [removal, separator]))
  return edits
}

function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true)
  scanner.setPosition(offset)
  // 5 is the comma: the library's names are a const enum, which erasable syntax cannot import
  return scanner.scan() === 5 ? scanner.getTokenOffset() : undefined
}

const secretName = /key|token|secret|passw|authorization|credential|cookie/i
const secretHolder = /^(env|headers|args)$/i

function collectSecrets(node: Node, inside: boolean, found: Node[]): void {
  for (const child of node.children ?? []) {
    const [name, value] = child.type === 'property' ? (child.children ?? []) : [undefined, child]
    if (!value) continue
    const secret = inside || (name !== undefined && (secretName.test(name.value) || secretHolder.test(name.value)))
    if (value.type === 'string' && (secret || looksRandom(value.value))) found.push(value)
    else collectSecrets(value, secret, found)
  }
}

function looksRandom(value: string): boolean {
  return value.length >= 20 && /^[\w+/=.~-]+$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value)
}
