import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { embeddedObject } from './embedded-object.ts'

/** What a failure's body says, whatever shape it came in. Every field is the service's own word. */
export interface FailureBody {
  /** All codes met from the outside in, in lower case: `code`, `type`, `status`, ErrorInfo reasons, class names. */
  codes: readonly string[]
  /** The innermost code that is a word, else the innermost number; for the record. */
  code?: string
  type?: string
  /** ErrorInfo.reason. */
  reason?: string
  /** The parameter that was refused. */
  param?: string
  /** The innermost message, without JSON, class names and retry counts around it. */
  message: string
  /** Every text of the body, for rules that look for words. */
  text: string
  /** Where the user is sent to act. */
  link?: string
  /** The instant a limit is reset, as the service spells it: RFC 3339, or seconds or milliseconds since 1970. */
  resetAt?: string
  /** google.rpc details, in order. */
  details: readonly JsonObject[]
}

const textLimit = 32_768
const depthLimit = 5

/**
 * Reads google.rpc bodies (array-wrapped too), OpenAI's four keys, Anthropic's, FastAPI's `detail`, bare
 * `{message}` and `{error: "text"}`, Python reprs and JSON inside message strings, plain text, HTML and nothing.
 */
export function readFailureBody(body: string): FailureBody {
  const found = new Findings()
  const trimmed = body.slice(0, textLimit * 4).trim()
  const parsed = trimmed === '' ? undefined : parseLeniently(trimmed)
  if (parsed !== undefined && typeof parsed !== 'string') found.visit(parsed, 0)
  else if (/^<|<html|<!doctype/i.test(trimmed)) found.say(htmlTitle(trimmed))
  else found.visitText(typeof parsed === 'string' ? parsed : trimmed, 0)
  return found.result()
}

class Findings {
  codes: string[] = []
  details: JsonObject[] = []
  texts: string[] = []
  message = ''
  code: string | undefined
  type: string | undefined
  reason: string | undefined
  param: string | undefined
  link: string | undefined
  resetAt: string | undefined

  visit(value: Json | undefined, depth: number): void {
    if (depth > depthLimit || value === undefined || value === null) return
    if (typeof value === 'string') this.visitText(value, depth)
    else if (isObject(value)) this.visitObject(value, depth)
    else if (Array.isArray(value)) for (const item of value.slice(0, 8)) this.visit(item, depth + 1)
  }

  visitObject(object: JsonObject, depth: number): void {
    this.note(object)
    const { message, error, detail, msg, error_description: description } = object
    // Outer words first: the innermost message is the one that stays.
    if (typeof message === 'string' || isObject(message)) this.visit(message, depth + 1)
    else if (typeof msg === 'string') this.visitText(msg, depth + 1)
    else if (typeof description === 'string') this.visitText(description, depth + 1)
    if (Array.isArray(object.details)) this.noteDetails(object.details)
    if (typeof error === 'string' && typeof message === 'string') this.addCode(error)
    else this.visit(error, depth + 1)
    this.visit(detail, depth + 1)
    this.visit(isObject(object.response) ? object.response.error : undefined, depth + 1)
    for (const key of ['innererror', 'inner_error', 'error_info'] as const) {
      const inner = object[key]
      if (isObject(inner) && typeof inner.code === 'string') this.addCode(inner.code)
    }
  }

  note(object: JsonObject): void {
    const { code, type, status, reason, param } = object
    for (const word of [code, status, type, reason]) {
      if (typeof word === 'string' || typeof word === 'number') this.addCode(String(word))
    }
    if (typeof type === 'string' && type !== 'error' && type !== 'None') this.type = type
    if (typeof param === 'string' && param !== 'None' && param !== '') this.param = param
    for (const instant of [object.resetAt, object.reset_at, object.resetsAt, object.resets_at]) {
      if (typeof instant === 'string' || typeof instant === 'number') this.resetAt = String(instant)
    }
    const own = [code, status].find((word) => typeof word === 'string' && !/^\d{3}$/.test(word)) ?? code
    if ((typeof own === 'string' && own !== '' && own !== 'None') || typeof own === 'number') {
      if (this.code === undefined || !/^\d{3}$/.test(String(own))) this.code = String(own)
    }
  }

  noteDetails(details: Json[]): void {
    for (const detail of details.slice(0, 32)) {
      if (!isObject(detail)) continue
      this.details.push(detail)
      if (typeof detail.reason === 'string') {
        this.reason ??= detail.reason
        this.addCode(detail.reason)
      }
      const violations = Array.isArray(detail.violations) ? detail.violations.slice(0, 16).filter(isObject) : []
      this.noteMetadata(detail)
      for (const { detail: words, message, msg, quotaId, description } of [detail, ...violations]) {
        for (const text of [words, message, msg, quotaId, description]) {
          if (typeof text === 'string') this.texts.push(text)
        }
      }
    }
  }

  /** Proxies keep the words of a refused parameter and lose its code. */
  noteRefused(code: string, param: string): void {
    this.addCode(code)
    this.param ??= param
    if (this.code === undefined || /^\d{3}$/.test(this.code)) this.code = code
  }

  noteMetadata({ metadata, links }: JsonObject): void {
    const facts = isObject(metadata) ? metadata : {}
    if (typeof facts.quota_limit === 'string') this.texts.push(facts.quota_limit)
    const first = Array.isArray(links) ? links.find(isObject)?.url : undefined
    for (const link of [first, facts.validation_link]) {
      if (typeof link === 'string' && /^https:\/\/\S+$/.test(link)) this.link ??= link
    }
  }

  visitText(text: string, depth: number): void {
    for (const [, name] of text.matchAll(/litellm\.(?:exceptions\.)?(\w*(?:Error|Exception|Timeout))\b/g)) {
      if (name) this.addCode(name)
    }
    const refused = /\bunsupported (parameter|value): '([\w.[\]-]{1,100})'/i.exec(text)
    if (refused) this.noteRefused(`unsupported_${refused[1]!.toLowerCase()}`, refused[2]!)
    this.texts.push(text)
    const inner = depth < depthLimit ? embeddedObject(text) : undefined
    if (!inner) {
      this.say(text)
      return
    }
    const before = this.message
    const own = text.slice(0, inner.start)
    this.message = ''
    this.visit(inner.value, depth + 1)
    if (this.message === '') this.say(own.trim() === '' ? before : own)
  }

  say(text: string): void {
    const plain = plainSentence(text)
    if (plain !== '') this.message = plain
    if (this.texts.at(-1) !== text) this.texts.push(text)
  }

  addCode(code: string): void {
    const word = code.trim().toLowerCase()
    if (word !== '' && word !== 'none' && word !== 'error' && word.length <= 100 && !this.codes.includes(word)) {
      this.codes.push(word)
    }
  }

  result(): FailureBody {
    const { codes, code, type, reason, param, message, link, resetAt, details } = this
    return {
      codes,
      code,
      type,
      reason,
      param,
      message,
      link,
      resetAt,
      details,
      text: this.texts.join('\n').slice(0, textLimit),
    }
  }
}

/** JSON as it should be, as a `data:` frame, or with the damage seen in the wild (doubled commas). */
function parseLeniently(text: string): Json | undefined {
  if (!/^(\{|\[|"|data:|null$)/.test(text)) return undefined
  const json = text.startsWith('data:') ? text.slice('data:'.length).split(/\n\n|\r\n\r\n/, 1)[0]! : text
  return parse(json) ?? parse(json.replace(/,(\s*,)+/g, ',').replace(/,(\s*[}\]])/g, '$1'))
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined // a failure's body may be anything; the caller reads it as text then
  }
}

function htmlTitle(html: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(html)?.[1] ?? /<h1[^>]*>([^<]*)</i.exec(html)?.[1] ?? ''
  return title.trim() === '' ? 'an HTML page' : `an HTML page titled “${title.trim()}”`
}

const wrapping = [
  /^(?:litellm\.(?:exceptions\.)?\w+(?:Error|Exception|Timeout)?:\s*)+/,
  /^(?:(?:\w+(?:Error|Exception)|Timeout)\b[\s:-]+)+/,
  /^Error code: \d{3}\s*-\s*/,
  /\.?\s*Received Model Group=[\s\S]*$/,
  /\.?\s*Passed model=[\s\S]*$/,
  /\s*Available Model Group Fallbacks=[\s\S]*$/,
  /\s*LiteLLM: model group '[\s\S]*$/,
  /\s*model=\S+ (?:context_window|content_policy)_fallbacks?=[\s\S]*$/,
  /\s*LiteLLM Retried:[\s\S]*$/,
  /\s*No fallback model group found for original model_group=[\s\S]*$/,
  /\s*Traceback \(most recent call last\)[\s\S]*$/,
]

/** One line without a proxy's wrapping. */
function plainSentence(text: string): string {
  let plain = text.slice(0, 4096)
  for (let pass = 0; pass < 2; pass++) for (const pattern of wrapping) plain = plain.replace(pattern, '')
  return plain
    .replace(/\s+/g, ' ')
    .replace(/[\s:{[\-–]+$/, '')
    .trim()
}
