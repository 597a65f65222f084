import type { WaitRule } from '../config/service-profile-schema.ts'
import type { Wait } from '../model/error.ts'
import { isObject, type Json } from '../model/json.ts'
import { parseDuration, positive, untilInstant } from './duration.ts'
import type { FailureBody } from './failure-body.ts'
import { genericWaits } from './generic-waits.ts'
import { patternOf } from './rule-pattern.ts'

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * How long a service asks to be left alone, from the first source that names a positive time: headers, Google's
 * details, words in the message (the provider's own rules first), then what the limits' reset headers say. The
 * last are read only with `resets`, because services send them with every answer. What follows is not decided here.
 */
export function findWait(options: {
  headers: ResponseHeaders
  body: FailureBody
  rules: readonly WaitRule[]
  now: number
  resets?: boolean
}): Wait | undefined {
  const { headers, body, rules, now, resets } = options
  const back = resetIn(body, now)
  const wait =
    fromRetryAfter(headers, now) ??
    named(retryDelay(body), 'body') ??
    named(back, 'body') ??
    fromWords(body, rules, now) ??
    (resets ? fromResets(headers, now) : undefined) ??
    fromWords(body, genericWaits, now)
  // The same moment told twice, in whole seconds once.
  return wait && back !== undefined && Math.abs(back - wait.ms) <= 1000 ? asReset(wait) : wait
}

const named = (ms: number | undefined, from: string): Wait | undefined => (ms === undefined ? undefined : { ms, from })
const asReset = (wait: Wait | undefined): Wait | undefined => wait && { ...wait, reset: true }

/** A header, or what a LiteLLM proxy passes on of the one behind it. */
function headerOf(headers: ResponseHeaders, name: string): { text: string; name: string } | undefined {
  for (const key of [name, `llm_provider-${name}`]) {
    const value = headers[key]
    const text = Array.isArray(value) ? value[0] : value
    if (text !== undefined && text.trim() !== '') return { text, name: key }
  }
  return undefined
}

function fromRetryAfter(headers: ResponseHeaders, now: number): Wait | undefined {
  const exact = headerOf(headers, 'retry-after-ms')
  const rough = headerOf(headers, 'retry-after')
  return (
    (exact && named(parseDuration(exact.text, 'ms'), exact.name)) ??
    (rough && named(parseDuration(rough.text, 's') ?? untilInstant(rough.text, now), rough.name))
  )
}

/** google.rpc's RetryInfo. */
function retryDelay({ details }: FailureBody): number | undefined {
  return first(
    details.map((detail) => detail.retryDelay),
    (text) => parseDuration(text, 's'),
  )
}

/** When a quota is back: Google's instant or delay, or the instant others name bare (`resetAt`). */
function resetIn({ details, resetAt }: FailureBody, now: number): number | undefined {
  const metadata = details.map((detail) => detail.metadata).filter(isObject)
  const instant = first([...metadata.map((data) => data.quotaResetTimeStamp), resetAt], (text) => instantOf(text, now))
  const delay = () =>
    first(
      metadata.map((data) => data.quotaResetDelay),
      (text) => parseDuration(text, 's'),
    )
  return instant ?? delay()
}

function first(values: (Json | undefined)[], read: (text: string) => number | undefined): number | undefined {
  for (const value of values) {
    const ms = typeof value === 'string' ? read(value) : undefined
    if (ms !== undefined) return ms
  }
  return undefined
}

function fromWords(body: FailureBody, rules: readonly WaitRule[], now: number): Wait | undefined {
  for (const rule of rules) {
    const match = patternOf(rule.message).exec(body.text)
    const text = match && (match.groups?.wait ?? match.slice(1).find((group) => group !== undefined))
    const ms = text ? timeIn(text, rule, now) : undefined
    if (!match || ms === undefined) continue
    const wait = { ms, from: 'body' }
    return rule.unit === 'date-time' || /\bresets?\b/i.test(match[0]) ? asReset(wait) : wait
  }
  return undefined
}

function timeIn(text: string, { unit, zone }: WaitRule, now: number): number | undefined {
  if (unit === 'duration') return parseDuration(text)
  if (unit === 'date-time') return untilInstant(inZone(text, zone), now)
  return parseDuration(`${text.trim()}${unit}`)
}

/** `2026-11-21 14:05:00` is no instant until somebody says where. */
function inZone(text: string, zone: string | undefined): string {
  const trimmed = text.trim().replace(/\.$/, '')
  const local = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/.exec(trimmed)
  return local ? `${local[1]}T${local[2]}${zone ?? 'Z'}` : trimmed
}

const openaiLimits = ['requests', 'tokens'] as const
const anthropicLimits = ['requests', 'tokens', 'input-tokens', 'output-tokens'] as const

/** The latest reset of a limit that is used up; of any limit when none says so. */
function fromResets(headers: ResponseHeaders, now: number): Wait | undefined {
  const anthropic = anthropicLimits.map((limit) => ({
    reset: headerOf(headers, `anthropic-ratelimit-${limit}-reset`),
    remaining: headerOf(headers, `anthropic-ratelimit-${limit}-remaining`)?.text,
  }))
  const openai = openaiLimits.map((limit) => ({
    reset: headerOf(headers, `x-ratelimit-reset-${limit}`),
    remaining: headerOf(headers, `x-ratelimit-remaining-${limit}`)?.text,
  }))
  const single = { reset: headerOf(headers, 'x-ratelimit-reset'), remaining: '0' }
  const usedUp = (limits: typeof anthropic) => limits.filter(({ remaining }) => Number(remaining ?? Number.NaN) <= 0)
  return (
    asReset(latest(usedUp(anthropic), now) ?? latest(usedUp(openai), now)) ??
    latest(openai, now) ??
    asReset(latest([single], now))
  )
}

function latest(limits: { reset?: { text: string; name: string } }[], now: number): Wait | undefined {
  let found: Wait | undefined
  for (const { reset } of limits) {
    const ms = reset && resetTime(reset.text, now)
    if (reset && ms !== undefined && (!found || ms > found.ms)) found = { ms, from: reset.name }
  }
  return found
}

/** `6m0s`, plain seconds, or an instant. */
function resetTime(text: string, now: number): number | undefined {
  return /^\d{10}(?:\d{3})?$/.test(text) ? instantOf(text, now) : (parseDuration(text, 's') ?? untilInstant(text, now))
}

/** RFC 3339, or seconds or milliseconds since 1970. */
function instantOf(text: string, now: number): number | undefined {
  return /^\d{13}$/.test(text) ? positive(Number(text) - now) : untilInstant(text, now)
}
