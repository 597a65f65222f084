import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { isTooDeep } from '../nesting.ts'

/**
 * The arguments of a call, in every form services and clients write them: JSON text, JSON text twice over, an
 * object, '' or null for none. Undefined when a text is not JSON.
 */
export function readArguments(value: Json | undefined): JsonObject | undefined {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'string') return isTooDeep(value) ? undefined : asObject(value)
  if (value.trim() === '') return {}
  const parsed = parse(value) ?? parse(withoutPlaceholder(value))
  if (!parsed) return undefined
  const inner = typeof parsed.value === 'string' ? parse(parsed.value) : undefined
  const result = inner && isObject(inner.value) ? inner.value : parsed.value
  return isTooDeep(result) ? undefined : asObject(result)
}

/** Arguments from a history: what is not JSON was said nevertheless, so it is kept as text. */
export function readArgumentsKept(value: Json | undefined): JsonObject {
  return readArguments(value) ?? { input: typeof value === 'string' ? value : '' }
}

function asObject(value: Json): JsonObject {
  if (value === null) return {}
  return isObject(value) ? value : { input: value }
}

/** Some services start every call with `{}` and stream the true arguments after it. */
function withoutPlaceholder(text: string): string {
  return text.trimStart().startsWith('{}') ? text.trimStart().slice(2) : ''
}

function parse(text: string): { value: Json } | undefined {
  if (text === '') return undefined
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    // Not JSON: the caller decides what that means.
    return undefined
  }
}
