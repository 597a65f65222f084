import { GatewayError } from '../../model/error.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** An error where an answer was expected: `{error}`, the same in a list, or in Code Assist's envelope. */
export function errorIn(answer: JsonObject): JsonObject | string | undefined {
  const { error } = answer
  return isObject(error) || typeof error === 'string' ? error : undefined
}

/** What the provider said went wrong, for `providers/` to judge by its code. */
export function answerError(error: JsonObject | string, target: string): GatewayError {
  if (typeof error === 'string') return new GatewayError('provider-error', error, { target, cause: { error } })
  const code = Number(error.code)
  const status =
    typeof error.status === 'string' ? error.status : typeof error.code === 'string' ? error.code : undefined
  return new GatewayError(
    'provider-error',
    innermost(error.message) || 'The provider reported an error without a word.',
    {
      target,
      ...(Number.isInteger(code) ? { providerStatus: code } : {}),
      ...(status === undefined ? {} : { providerCode: status }),
      cause: { error },
    },
  )
}

/** Gateways like to nest whole error bodies in a message; the innermost sentence is the useful one. */
function innermost(message: Json | undefined, depth = 0): string {
  if (isObject(message)) return innermost(message.message, depth)
  if (typeof message !== 'string') return ''
  const text = message.trim()
  if (depth > 4 || !/^[[{]/.test(text)) return text
  try {
    const value = JSON.parse(text) as Json
    const first = Array.isArray(value) ? value[0] : value
    const inner = isObject(first) ? innermost(first.error ?? first.message, depth + 1) : ''
    return inner || text
  } catch {
    // Not JSON after all: the text is what was meant.
    return text
  }
}
