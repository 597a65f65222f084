import { GatewayError } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { ByteRange } from '../model/request.ts'
import { backslash, closeBrace, closeBracket, colon, comma, openBrace, openBracket, quote } from './json-bytes.ts'

export type Span = ByteRange

/** A member of the top level; for a list, where its items stand. */
export interface Member extends Span {
  items: Span[] | undefined
}

/**
 * One walk over the bytes: strings are jumped over with native search, so megabytes cost about a
 * millisecond. Checks only what it must to find the members; parsing a span checks the rest.
 */
export function scanObject(body: Buffer): Map<string, Member> {
  const members = new Map<string, Member>()
  let at = skipSpace(body, body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0)
  if (body[at] !== openBrace) throw malformed(body.length === 0 ? 'it is empty' : 'a JSON object was expected')
  at = skipSpace(body, at + 1)
  if (body[at] === closeBrace) return members
  for (;;) {
    if (body[at] !== quote) throw malformed(`a key was expected at byte ${at}`)
    const keyEnd = stringEnd(body, at)
    const key = keyIn(body, at, keyEnd)
    at = skipSpace(body, keyEnd)
    if (body[at] !== colon) throw malformed(`a colon was expected at byte ${at}`)
    at = skipSpace(body, at + 1)
    const member = scanValue(body, at)
    members.set(key, member)
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

/** Keys are short and plain but for the odd one, which goes the long way. */
function keyIn(body: Buffer, start: number, end: number): string {
  for (let at = start + 1; at < end - 1; at++) {
    const byte = body[at]!
    if (byte < 0x20 || byte > 0x7e || byte === backslash) return String(parseSpan(body, { start, end }))
  }
  return body.toString('latin1', start + 1, end - 1)
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

/** Where the object or list that opens at `start` ends. */
export function skipNested(body: Buffer, start: number): number {
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
export function stringEnd(body: Buffer, start: number): number {
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

export function scalarEnd(body: Buffer, start: number): number {
  let at = start
  while (at < body.length) {
    const byte = body[at]!
    if (byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte)) break
    at++
  }
  return at
}

export function skipSpace(body: Buffer, from: number): number {
  let at = from
  while (isSpace(body[at])) at++
  return at
}

/** The JSON value in a span. */
export function parseSpan(body: Buffer, span: Span): Json {
  try {
    return JSON.parse(body.toString('utf8', span.start, span.end)) as Json
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : 'it does not parse', cause)
  }
}

function malformed(detail: string, cause?: unknown): GatewayError {
  return new GatewayError('bad-request', `The request body is not valid JSON: ${detail.slice(0, 200)}.`, { cause })
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
