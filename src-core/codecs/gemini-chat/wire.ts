import { GatewayError } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'

/** Google's own word for "do not check this signature": a placeholder, never a proof. */
export const signaturePlaceholder = 'skip_thought_signature_validator'

const snakeNames = new Map<string, string>()

function snake(name: string): string {
  let spelled = snakeNames.get(name)
  if (spelled === undefined) {
    spelled = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    snakeNames.set(name, spelled)
  }
  return spelled
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** A member by its camelCase name or its snake_case twin; null counts as unset, as in proto JSON. */
export function field(object: JsonObject, name: string): Json | undefined {
  const value = own(object, name)
  if (value !== undefined && value !== null) return value
  const spelled = snake(name)
  return spelled === name ? undefined : (own(object, spelled) ?? undefined)
}

/** The members whose names, in either spelling, are not among `known`. */
export function leftovers(object: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  const left = Object.entries(object).filter(([key, value]) => value !== null && !known.has(camel(key)))
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

function camel(name: string): string {
  return name.includes('_') ? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name
}

export function wrongType(path: string, expected: string, value: Json | undefined): GatewayError {
  return new GatewayError('bad-request', `${path}: expected ${expected}, got ${kindOf(value)}.`, { path })
}

function kindOf(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'boolean' ? 'a boolean' : `a ${typeof value}`
}

export function readObject(object: JsonObject, name: string, path: string): JsonObject | undefined {
  const value = field(object, name)
  if (value === undefined || isObject(value)) return value
  throw wrongType(join(path, name), 'an object', value)
}

/** A list; one object alone stands for a list of one, as Google's own parser has it. */
export function readList(object: JsonObject, name: string, path: string): Json[] {
  const value = field(object, name)
  if (value === undefined) return []
  if (Array.isArray(value)) return value
  if (isObject(value)) return [value]
  throw wrongType(join(path, name), 'a list', value)
}

export function readString(object: JsonObject, name: string, path: string): string | undefined {
  const value = field(object, name)
  if (value === undefined || typeof value === 'string') return value
  throw wrongType(join(path, name), 'a string', value)
}

export function readBoolean(object: JsonObject, name: string, path: string): boolean | undefined {
  const value = field(object, name)
  if (value === undefined || typeof value === 'boolean') return value
  throw wrongType(join(path, name), 'a boolean', value)
}

/** A number; proto JSON writes 64-bit integers as strings, so those count too. */
export function readNumber(object: JsonObject, name: string, path: string): number | undefined {
  const value = field(object, name)
  if (value === undefined || typeof value === 'number') return value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isFinite(number)) return number
  throw wrongType(join(path, name), 'a number', value)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
