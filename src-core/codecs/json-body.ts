import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Json, JsonObject } from '../model/json.ts'
import { holdsOne, type Words } from './byte-search.ts'
import { type Member, parseSpan, type Span, scanObject, skipSpace } from './json-scan.ts'

/** From here on a body is worked through in slices, with turns of the event loop between them. */
export const largeBody = 256 * 1024

/**
 * What one byte scan of the top level finds; values are decoded only when asked for. A key given twice: the last wins,
 * as in JSON.parse.
 */
export class Peek {
  #body: Buffer
  #members: Map<string, Member>

  constructor(body: Buffer) {
    this.#body = body
    this.#members = scanObject(body)
  }

  keys(): string[] {
    return [...this.#members.keys()]
  }

  has(key: string): boolean {
    return this.#members.has(key)
  }

  value(key: string): Json | undefined {
    const member = this.#members.get(key)
    return member && parseSpan(this.#body, member)
  }

  string(key: string): string | undefined {
    const found = this.value(key)
    return typeof found === 'string' ? found : undefined
  }

  number(key: string): number | undefined {
    const found = this.value(key)
    return typeof found === 'number' ? found : undefined
  }

  boolean(key: string): boolean | undefined {
    const member = this.#members.get(key)
    if (!member) return undefined
    const first = this.#body[member.start]
    if (first === 0x74) return true
    return first === 0x66 ? false : undefined
  }

  itemCount(key: string): number {
    return this.#members.get(key)?.items?.length ?? 0
  }

  /** The last element of an array value, or the one that stands `back` before it. */
  lastItem(key: string, back = 0): Json | undefined {
    const last = this.#members.get(key)?.items?.at(-1 - back)
    return last && parseSpan(this.#body, last)
  }

  /** Whether the bytes of an array's last elements, `count` of them, hold one of these words. */
  lastItemsHold(key: string, count: number, searched: Words): boolean {
    const items = this.#members.get(key)?.items
    const last = items?.at(-1)
    if (!items || !last) return false
    const bytes = this.#body.subarray(items[Math.max(0, items.length - count)]!.start, last.end)
    return holdsOne(bytes, searched)
  }

  /** The spans of a list's elements; of anything else, its own. */
  items(key: string): readonly Span[] {
    const member = this.#members.get(key)
    return member ? (member.items ?? [member]) : []
  }

  span(key: string): Span | undefined {
    const member = this.#members.get(key)
    return member && { start: member.start, end: member.end }
  }
}

export const peek = (body: Buffer): Peek => new Peek(body)

/** The body as JSON. Large ones are parsed member by member, so that no single turn takes long. */
export async function parseJson(body: Buffer): Promise<Json> {
  if (body.length < largeBody) return parseSpan(body, { start: 0, end: body.length })
  if (body[skipSpace(body, 0)] !== 0x7b) return parseSpan(body, { start: 0, end: body.length })
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

/** Own properties only: a key such as `__proto__` must not reach the prototype. */
function define(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}
