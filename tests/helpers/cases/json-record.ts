export interface FoldedCall {
  id?: unknown
  name?: unknown
  /** Parsed; the text itself when it is no JSON. */
  args: unknown
  /** Chat only. */
  index?: unknown
}

export type JsonRecord = Record<string, unknown>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function records(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

export function parsedArguments(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return text // shown as it is, so that an assertion can name it
  }
}
