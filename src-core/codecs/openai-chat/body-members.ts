import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { peek, replaceSpan } from '../json-body.ts'
import { backslash, comma, openBrace, quote } from '../json-bytes.ts'
import type { Span } from '../json-scan.ts'

/** The body with one top-level member set, everything else byte for byte as it was. */
export function setMember(body: Buffer, key: string, value: Json): Buffer {
  const span = peek(body).span(key)
  if (span) return replaceSpan(body, span, JSON.stringify(value))
  const at = body.indexOf(openBrace) + 1
  const hasMembers = peek(body).keys().length > 0
  return replaceSpan(
    body,
    { start: at, end: at },
    `${JSON.stringify(key)}:${JSON.stringify(value)}${hasMembers ? ',' : ''}`,
  )
}

/** The body without a parameter; dots lead into nested objects. A key given twice goes twice. */
export function dropMember(body: Buffer, parameter: string): Buffer {
  const dot = parameter.indexOf('.')
  if (dot < 0) {
    let rest = body
    for (let span = peek(rest).span(parameter); span; span = peek(rest).span(parameter)) rest = cut(rest, span)
    return rest
  }
  const key = parameter.slice(0, dot)
  const value = peek(body).value(key)
  const span = peek(body).span(key)
  if (!span || !isObject(value) || !dropParameter(value, parameter.slice(dot + 1))) return body
  return replaceSpan(body, span, JSON.stringify(value))
}

/** Removes a parameter from a parsed body. True when it was there. */
export function dropParameter(fields: JsonObject, parameter: string): boolean {
  const dot = parameter.indexOf('.')
  const key = dot < 0 ? parameter : parameter.slice(0, dot)
  if (!Object.hasOwn(fields, key)) return false
  if (dot < 0) return delete fields[key]
  const inner = fields[key]
  return isObject(inner) && dropParameter(inner, parameter.slice(dot + 1))
}

/** Takes out a member with its key and one of the commas beside it. */
function cut(body: Buffer, value: Span): Buffer {
  const keyEnd = body.lastIndexOf(quote, value.start - 1)
  let start = keyEnd
  do start = body.lastIndexOf(quote, start - 1)
  while (isEscaped(body, start))
  let end = value.end
  while (isSpace(body[end])) end++
  if (body[end] === comma) return replaceSpan(body, { start, end: end + 1 }, '')
  let before = start - 1
  while (isSpace(body[before])) before--
  if (body[before] === comma) start = before
  return replaceSpan(body, { start, end: value.end }, '')
}

function isEscaped(body: Buffer, at: number): boolean {
  let slashes = 0
  while (body[at - 1 - slashes] === backslash) slashes++
  return slashes % 2 === 1
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
