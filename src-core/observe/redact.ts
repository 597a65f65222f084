/** Removes secrets from text and from values. The one place where that happens before anything is written or shown. */
export interface Redactor {
  text(text: string): string
  /** A copy fit for a log line: secrets gone, errors told, bytes counted, cycles cut. */
  value(value: unknown): unknown
}

export interface RedactorOptions {
  /** Secrets in use right now. Those shorter than four characters are too common to look for. */
  known?: () => Iterable<string>
}

/** Three characters: shorter than any known secret, so that no mark can become one. */
const mark = '***'
const shortestSecret = 4
const deepest = 8

export function createRedactor({ known = () => [] }: RedactorOptions = {}): Redactor {
  const text = (words: string): string => withoutKnown(patterns.reduce(cut, words), spellings(known()))
  return { text, value: (value) => copy(value, { text, seen: new Set() }, 0) }
}

// text

const secretName = [
  'proxy-authorization',
  'authorization',
  'x-goog-api-key',
  'x-api-key',
  'x-patchbay-key',
  'api[-_]?key',
  'set-cookie',
  'cookie',
  '(?:access|refresh|id|auth|client)[-_]?token',
  'client[-_]?secret',
  'password',
  'secret',
].join('|')

/** Each keeps what tells where the secret stood (`$1`) and loses the secret. All linear in the text. */
const patterns: [RegExp, string][] = [
  // `cookie: a=1; b=2` is secret to the end of its line or string
  [/\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi, `$1${mark}`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+/gi, `$1 ${mark}`],
  [new RegExp(`((?:${secretName})["']?\\s*[:=]\\s*["']?)(?!(?:bearer|basic)\\s)[^\\s"',;&}\\]]+`, 'gi'), `$1${mark}`],
  [/([?&;](?:key|token|code|state|sig|signature)=)[^&\s"'#]+/gi, `$1${mark}`],
  [/(\/k\/)[^/\s?#"']+/g, `$1${mark}`],
  [/(\b[a-z][a-z0-9+.-]{0,15}:\/\/)[^/\s@"']+@/gi, `$1${mark}@`],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g, mark],
  [/\b(?:sk|pk|rk|gsk|pb)-[A-Za-z0-9_-]{4,}/g, mark],
  [/\bAIza[A-Za-z0-9_-]{10,}/g, mark],
  [/\b(?:ya29|1\/\/0)[.A-Za-z0-9_-]{8,}/g, mark],
]

const cut = (words: string, [pattern, replacement]: [RegExp, string]): string => words.replace(pattern, replacement)

/** A secret as it stands, in a URL and inside JSON; the longest first, so that none hides in another. */
function spellings(known: Iterable<string>): string[] {
  const all = new Set<string>()
  for (const secret of known) {
    if (secret.length < shortestSecret) continue
    all.add(secret).add(JSON.stringify(secret).slice(1, -1))
    if (secret.isWellFormed()) all.add(encodeURIComponent(secret))
  }
  return [...all].sort((a, b) => b.length - a.length)
}

/** Until none is left: two pieces around a mark may make a secret again. Every round shortens the text. */
function withoutKnown(words: string, secrets: readonly string[]): string {
  let clean = words
  let found = true
  while (found) {
    found = false
    for (const secret of secrets) {
      if (!clean.includes(secret)) continue
      clean = clean.replaceAll(secret, mark)
      found = true
    }
  }
  return clean
}

// values

const secretKey = new RegExp(`^(?:${secretName}|token|key)$`, 'i')

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
    const hidden = secretKey.test(name) && value !== undefined && value !== null && typeof value !== 'boolean'
    pairs.push([copying.text(name), hidden ? mark : copy(value, copying, depth)])
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
