import { GatewayError } from '../../model/error.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { textOf, wordOf } from './wire.ts'

/**
 * A failure told inside a 200 answer, in any of the shapes services have for it; undefined when there is none.
 * The raw object is the cause: whoever knows the provider judges it again.
 */
export function readFailure(value: JsonObject): GatewayError | undefined {
  const hasAnswer = Array.isArray(value.choices) && value.choices.length > 0
  const error = value.error
  if (isObject(error) || wordOf(error)) return failure(error as JsonObject | string, value)
  if (hasAnswer) {
    const inChoice = (value.choices as Json[]).find((choice) => isObject(choice) && isObject(choice.error))
    return isObject(inChoice) && isObject(inChoice.error) ? failure(inChoice.error, value) : undefined
  }
  if (value.object === 'error' || value.type === 'error') return failure(value, value)
  const saysSomething = wordOf(value.message) ?? wordOf(value.msg) ?? wordOf(value.detail)
  const isNoChunk = value.choices === undefined && value.usage === undefined
  return isNoChunk && saysSomething ? failure(value, value) : undefined
}

function failure(error: JsonObject | string, raw: JsonObject): GatewayError {
  const found = innermost(error, 4)
  const status = [found.status, raw.status].map(Number).find((number) => number >= 400 && number <= 599)
  return new GatewayError('provider-error', found.message ?? 'The provider reported an error without words.', {
    cause: raw,
    ...(found.code && { providerCode: found.code }),
    ...(status && { providerStatus: status }),
  })
}

interface Found {
  message?: string
  code?: string
  status?: Json
}

/** Gateways before us nest one error in another's message; the innermost words are the true ones, said once. */
function innermost(error: JsonObject | string, levels: number): Found {
  if (typeof error === 'string') return inText(error, levels) ?? { message: error }
  const inner = error.error ?? error.innererror
  const nested = levels > 0 && (isObject(inner) || wordOf(inner)) ? innermost(inner as JsonObject, levels - 1) : {}
  const own = wordOf(error.message) ?? wordOf(error.msg) ?? wordOf(error.detail)
  const inMessage = own === undefined ? undefined : inText(own, levels)
  const code = codeOf(error.code) ?? codeOf(error.type)
  return {
    message: nested.message ?? inMessage?.message ?? own,
    // A number says less than a word: the status is told apart from the reason.
    code: worded(nested.code) ?? worded(inMessage?.code) ?? code,
    status:
      nested.status ?? error.status ?? error.status_code ?? (isStatus(error.code) ? error.code : inMessage?.status),
  }
}

/** JSON somewhere in the words, as LiteLLM quotes its providers. */
function inText(text: string, levels: number): Found | undefined {
  const start = text.indexOf('{')
  const end = text.lastIndexOf('}')
  if (levels === 0 || start < 0 || end < start) return undefined
  try {
    const value = JSON.parse(text.slice(start, end + 1)) as Json
    const found = isObject(value) ? innermost(value, levels - 1) : undefined
    return found?.message ? found : undefined
  } catch {
    // Braces in plain words.
    return undefined
  }
}

function codeOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value)
  const text = textOf(value)
  return text && text !== 'None' && text !== 'null' ? text : undefined
}

const worded = (code: string | undefined) => (code && !/^\d+$/.test(code) ? code : undefined)

const isStatus = (code: Json | undefined) => /^[45]\d\d$/.test(String(code))
