import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** What a field of Google's answers holds; none of them can be relied on. */
export const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

export const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
