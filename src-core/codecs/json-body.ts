import { GatewayError } from '../model/error.ts'
import type { Json, JsonObject } from '../model/json.ts'

/** From here on a body is worked through in slices, with turns of the event loop between them. */
const largeBody = 256 * 1024

export interface Span {
  start: number
  end: number
}

/** What one byte scan of the top level finds; values are decoded only when asked for. */
export interface Peek {
  keys: string[]
  has(key: string): boolean
  string(key: string): string | undefined
  boolean(key: string): boolean | undefined
  number(key: string): number | undefined
  value(key: string): Json | undefined
  /** The last element of an array value, or the one that stands `back` before it. */
  lastItem(key: string, back?: number): Json | undefined
  itemCount(key: string): number
  span(key: string): Span | undefined
}

interface Member extends Span {
  items: Span[] | undefined
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const colon = 0x3a

/** Finds the members of the object in `body`. A key given twice: the last wins, as in JSON.parse. */
export function peek(body: Buffer): Peek {
  const members = scanObject(body)
  const value = (key: string): Json | undefined => {
    const member = members.get(key)
    return member && parseSpan(body, member)
  }
  return {
    keys: [...members.keys()],
    has: (key) => members.has(key),
    value,
    string(key) {
      const found = value(key)
      return typeof found === 'string' ? found : undefined
    },
    boolean(key) {
      const member = members.get(key)
      if (!member) return undefined
      if (body[member.start] === 0x74) return true
      return body[member.start] === 0x66 ? false : undefined
    },
    number(key) {
      const found = value(key)
      return typeof found === 'number' ? found : undefined
    },
    lastItem(key, back = 0) {
      const last = members.get(key)?.items?.at(-1 - back)
      return last && parseSpan(body, last)
    },
    itemCount: (key) => members.get(key)?.items?.length ?? 0,
    span(key) {
      const member = members.get(key)
      return member && { start: member.start, end: member.end }
    },
  }
}

/** The body as JSON. Large ones are parsed member by member, so that no single turn takes long. */
export async function parseJson(body: Buffer): Promise<Json> {
  if (body.length < largeBody) return parseSpan(body, { start: 0, end: body.length })
  let first = 0
  while (isSpace(body[first])) first++
  if (body[first] !== openBrace) return parseSpan(body, { start: 0, end: body.length })
  await nextTurn()
  const members = scanObject(body)
  const result: JsonObject = {}
  let since = 0
  const pause = async (size: number) => {
    since += size
    if (since < largeBody) return
    since = 0
    await nextTurn()
  }
  for (const [key, member] of members) {
    if (member.items && member.end - member.start >= largeBody) {
      const items: Json[] = []
      for (const item of member.items) {
        items.push(parseSpan(body, item))
        await pause(item.end - item.start)
      }
      define(result, key, items)
    } else {
      define(result, key, parseSpan(body, member))
      await pause(member.end - member.start)
    }
  }
  return result
}

/** The value as bytes. Large arrays on the top level are written item by item. */
export async function stringifyJson(value: JsonObject): Promise<Buffer> {
  if (!looksLarge(value)) return Buffer.from(JSON.stringify(value))
  const pieces: Buffer[] = []
  let text = ''
  const flush = async () => {
    pieces.push(Buffer.from(text))
    text = ''
    await nextTurn()
  }
  let separator = '{'
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    text += `${separator}${JSON.stringify(key)}:`
    separator = ','
    if (!Array.isArray(member)) {
      text += JSON.stringify(member)
      if (text.length >= largeBody) await flush()
      continue
    }
    text += '['
    for (let index = 0; index < member.length; index++) {
      text += (index === 0 ? '' : ',') + (JSON.stringify(member[index]) ?? 'null')
      if (text.length >= largeBody) await flush()
    }
    text += ']'
  }
  pieces.push(Buffer.from(`${separator === '{' ? '{' : text}}`))
  return Buffer.concat(pieces)
}

/** The same bytes with one span replaced. */
export function replaceSpan(body: Buffer, span: Span, replacement: string): Buffer {
  return Buffer.concat([body.subarray(0, span.start), Buffer.from(replacement), body.subarray(span.end)])
}

function looksLarge(value: JsonObject): boolean {
  let size = 0
  for (const member of Object.values(value)) {
    if (!Array.isArray(member)) continue
    for (const item of member) {
      size += sizeOf(item, 4)
      if (size >= largeBody) return true
    }
  }
  return false
}

/** A lower bound of the text in a value, found without walking deep. */
function sizeOf(value: Json | undefined, depth: number): number {
  if (typeof value === 'string') return value.length
  if (depth === 0 || typeof value !== 'object' || value === null) return 8
  let size = 2
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item, depth - 1)
  else for (const key in value) size += sizeOf(value[key], depth - 1)
  return size
}

function parseSpan(body: Buffer, span: Span): Json {
  try {
    return JSON.parse(body.toString('utf8', span.start, span.end)) as Json
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : 'it does not parse', cause)
  }
}

/** Own properties only: a key such as `__proto__` must not reach the prototype. */
function define(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}

function malformed(detail: string, cause?: unknown): GatewayError {
  return new GatewayError('bad-request', `The request body is not valid JSON: ${detail.slice(0, 200)}.`, { cause })
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/**
 * One walk over the bytes: strings are jumped over with native search, so megabytes cost about a
 * millisecond. Checks only what it must to find the members; parsing a span checks the rest.
 */
function scanObject(body: Buffer): Map<string, Member> {
  const members = new Map<string, Member>()
  let at = skipSpace(body, body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0)
  if (body[at] !== openBrace) throw malformed(body.length === 0 ? 'it is empty' : 'a JSON object was expected')
  at = skipSpace(body, at + 1)
  if (body[at] === closeBrace) return members
  for (;;) {
    if (body[at] !== quote) throw malformed(`a key was expected at byte ${at}`)
    const keyEnd = stringEnd(body, at)
    const key = parseSpan(body, { start: at, end: keyEnd })
    at = skipSpace(body, keyEnd)
    if (body[at] !== colon) throw malformed(`a colon was expected at byte ${at}`)
    at = skipSpace(body, at + 1)
    const member = scanValue(body, at)
    members.set(String(key), member)
    at = skipSpace(body, member.end)
    if (body[at] === comma) {
      at = skipSpace(body, at + 1)
      continue
    }
    if (body[at] !== closeBrace) throw malformed(`the object is not closed at byte ${at}`)
    if (skipSpace(body, at + 1) < body.length) throw malformed(`something follows the object at byte ${at + 1}`)
    return members
  }
}

function scanValue(body: Buffer, start: number): Member {
  const first = body[start]
  if (first === quote) return { start, end: stringEnd(body, start), items: undefined }
  if (first === openBrace) return { start, end: skipNested(body, start), items: undefined }
  if (first !== openBracket) {
    const end = scalarEnd(body, start)
    if (end === start) throw malformed(`a value was expected at byte ${start}`)
    return { start, end, items: undefined }
  }
  const items: Span[] = []
  let at = skipSpace(body, start + 1)
  if (body[at] === closeBracket) return { start, end: at + 1, items }
  for (;;) {
    const itemStart = at
    const byte = body[at]
    const end =
      byte === quote
        ? stringEnd(body, at)
        : byte === openBrace || byte === openBracket
          ? skipNested(body, at)
          : scalarEnd(body, at)
    if (end === itemStart) throw malformed(`a value was expected at byte ${at}`)
    items.push({ start: itemStart, end })
    at = skipSpace(body, end)
    if (body[at] === comma) {
      at = skipSpace(body, at + 1)
      continue
    }
    if (body[at] !== closeBracket) throw malformed(`the list is not closed at byte ${at}`)
    return { start, end: at + 1, items }
  }
}

function skipNested(body: Buffer, start: number): number {
  let depth = 0
  let at = start
  while (at < body.length) {
    const byte = body[at]!
    if (byte === quote) {
      at = stringEnd(body, at)
      continue
    }
    if (byte === openBrace || byte === openBracket) depth++
    else if (byte === closeBrace || byte === closeBracket) {
      depth--
      if (depth === 0) return at + 1
    }
    at++
  }
  throw malformed('it ends too early')
}

/** Where the string that opens at `start` ends, after its closing quote. */
function stringEnd(body: Buffer, start: number): number {
  let from = start + 1
  for (;;) {
    const end = shortString(body, from)
    if (end < 0) throw malformed('a text is not closed')
    let slashes = 0
    while (body[end - 1 - slashes] === backslash) slashes++
    if (slashes % 2 === 0) return end + 1
    from = end + 1
  }
}

/** Most strings are short: a few bytes by hand are cheaper than a call into native search. */
function shortString(body: Buffer, from: number): number {
  const near = Math.min(from + 24, body.length)
  for (let at = from; at < near; at++) if (body[at] === quote) return at
  return body.indexOf(quote, near)
}

function scalarEnd(body: Buffer, start: number): number {
  let at = start
  while (at < body.length) {
    const byte = body[at]!
    if (byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte)) break
    at++
  }
  return at
}

function skipSpace(body: Buffer, from: number): number {
  let at = from
  while (isSpace(body[at])) at++
  return at
}
