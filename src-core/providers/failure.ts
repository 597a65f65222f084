import type { FailureRule } from '../config/service-profile-schema.ts'
import { type ErrorKind, GatewayError, type Wait } from '../model/error.ts'
import type { Target } from '../model/target.ts'
import { type FailureBody, readFailureBody } from './failure-body.ts'
import { failureSentence } from './failure-sentence.ts'
import { genericFailures } from './generic-failures.ts'
import { redact } from './redact.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import { patternOf } from './rule-pattern.ts'
import { findWait, type ResponseHeaders } from './waits.ts'

type Where = Pick<Target, 'id' | 'model' | 'credential'>
type Judging = Pick<ResolvedProvider, 'id' | 'name' | 'failures' | 'waits' | 'baseUrl'>

/**
 * The verdict on an answer that is a failure: the provider's own rules in order, then what such words and codes
 * mean anywhere, then the status. Services disagree about statuses, so words count before numbers.
 */
export function judgeFailure(options: {
  status: number
  headers: ResponseHeaders
  body: string
  provider: Judging
  target: Where
  now: number
}): GatewayError {
  const { headers, provider, target, now } = options
  const body = readFailureBody(options.body)
  const status = statusOf(options.status, body)
  const rule = ruleFor(provider.failures, status, body) ?? ruleFor(genericFailures, status, body)
  const kind = rule?.kind ?? kindOfStatus(status)
  const wait = waitFor(kind, { headers, body, rules: provider.waits, now })
  const message = failureSentence({ kind, say: rule?.say, status, body, provider, target, wait, now })
  return new GatewayError(kind, message, {
    target: target.id,
    providerStatus: options.status,
    providerCode: codeOf(body),
    wait,
  })
}

/** A failure on the way to the provider, with the advice its profile has for that (`code: "^provider-unreachable$"`). */
export function explainUnreachable(error: GatewayError, provider: Judging, target: Where): GatewayError {
  const body = { codes: [error.kind], message: error.message, text: error.message, details: [] }
  const rule = ruleFor(provider.failures, 0, body)
  const say = rule?.say ?? '{provider}: {message}'
  const message = failureSentence({ kind: error.kind, say, status: 0, body, provider, target, now: 0 })
  return new GatewayError(error.kind, message, { cause: error.cause ?? error, target: target.id, wait: error.wait })
}

/**
 * The parameter a service refuses by name (`unsupported_parameter`, `unsupported_value`): dropped once, the request
 * may pass.
 */
export function parameterToDrop(body: string): string | undefined {
  const { codes, param } = readFailureBody(body)
  const refused = codes.includes('unsupported_parameter') || codes.includes('unsupported_value')
  return refused && param && /^[\w.[\]-]{1,100}$/.test(param) ? param : undefined
}

/** A word of the service's own like the rest of its body: it may repeat a key. */
function codeOf({ code, type }: FailureBody): string | undefined {
  const word = code ?? type
  return word === undefined ? undefined : redact(word)
}

function ruleFor(rules: readonly FailureRule[], status: number, body: FailureBody): FailureRule | undefined {
  return rules.find((rule) => matches(rule, status, body))
}

function matches({ status, code, message }: FailureRule, actual: number, body: FailureBody): boolean {
  if (status !== undefined && !(Array.isArray(status) ? status.includes(actual) : status === actual)) return false
  if (code !== undefined && !body.codes.some((word) => patternOf(code).test(word))) return false
  if (message !== undefined && !patternOf(message).test(body.text)) return false
  return true
}

/** A failure inside a 200 counts as what its body says it is. */
function statusOf(status: number, body: FailureBody): number {
  if (status >= 300) return status
  const inside = body.codes.map(Number).find((code) => Number.isInteger(code) && code >= 400 && code <= 599)
  return inside ?? status
}

function kindOfStatus(status: number): ErrorKind {
  if (status >= 400 && status < 500) return 'provider-bad-request'
  return 'provider-error'
}

const limited: ReadonlySet<ErrorKind> = new Set(['rate-limited', 'capacity', 'quota-exhausted', 'model-quota'])
const waitable: ReadonlySet<ErrorKind> = new Set([...limited, 'provider-error', 'timeout'])

function waitFor(kind: ErrorKind, options: Omit<Parameters<typeof findWait>[0], 'resets'>): Wait | undefined {
  return waitable.has(kind) ? findWait({ ...options, resets: limited.has(kind) }) : undefined
}
