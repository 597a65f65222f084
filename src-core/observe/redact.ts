import { isSecretName, redactionMark, redactText, secretSpellings, withoutKnown } from '../model/redact.ts'

/** Removes secrets from text and from values. The one place where that happens before anything is written or shown. */
export interface Redactor {
  text(text: string): string
  /** Only what is in use right now, whatever else looks like a secret: for words and values of our own making. */
  known(text: string): string
  /** A copy fit for a log line: secrets gone, errors told, bytes counted, cycles cut. */
  value(value: unknown): unknown
}

export interface RedactorOptions {
  /** Secrets in use right now, read at each use. */
  known?: () => Iterable<string>
}

const deepest = 8

export function createRedactor({ known = () => [] }: RedactorOptions = {}): Redactor {
  const spellings = createSpellings(known)
  return {
    text: (text) => redactText(text, spellings()),
    known: (text) => withoutKnown(text, spellings()),
    value(value) {
      const found = spellings()
      return copy(value, { text: (text) => redactText(text, found), seen: new Set() }, 0)
    },
  }
}

/** Worked out anew only when the secrets are others than the last time. */
function createSpellings(known: () => Iterable<string>): () => readonly string[] {
  let last: readonly string[] = []
  let made: readonly string[] = []
  return () => {
    const now = [...known()]
    if (now.length !== last.length || now.some((secret, index) => secret !== last[index])) {
      last = now
      made = secretSpellings(now)
    }
    return made
  }
}

interface Copying {
  text: (text: string) => string
  seen: Set<object>
}

function copy(value: unknown, copying: Copying, depth: number): unknown {
  if (typeof value === 'string') return copying.text(value)
  if (typeof value === 'bigint' || typeof value === 'symbol') return copying.text(String(value))
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null) return value
  if (depth > deepest || copying.seen.has(value)) return '…'
  copying.seen.add(value)
  try {
    return copyObject(value, copying, depth + 1)
  } finally {
    copying.seen.delete(value)
  }
}

function copyObject(value: object, copying: Copying, depth: number): unknown {
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString()
  if (value instanceof Error) return copyError(value, copying, depth)
  if (Array.isArray(value)) return value.map((item) => copy(item, copying, depth))
  if (value instanceof Map) return copyEntries(value.entries(), copying, depth)
  if (value instanceof Set) return [...value].map((item) => copy(item, copying, depth))
  return copyEntries(Object.entries(value), copying, depth)
}

function copyEntries(entries: Iterable<[unknown, unknown]>, copying: Copying, depth: number): object {
  const pairs: [string, unknown][] = []
  for (const [key, value] of entries) {
    const name = String(key)
    const hidden = isSecretName(name) && value !== undefined && value !== null && typeof value !== 'boolean'
    pairs.push([copying.text(name), hidden ? redactionMark : copy(value, copying, depth)])
  }
  return Object.fromEntries(pairs)
}

/** What an error says of itself is not enumerable, so it is named here. */
function copyError(error: Error, copying: Copying, depth: number): object {
  const { name, message, stack, cause } = error
  const errors = error instanceof AggregateError ? error.errors : undefined
  const all = Object.entries({ ...error, name, message, stack, cause, errors })
  return copyEntries(
    all.filter(([, value]) => value !== undefined),
    copying,
    depth,
  )
}
