const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** A service that names more than this is not believed. */
const longestMs = 31 * 86_400_000

/** `4h28m20s`, `900ms`, `33740.910400305s`, `2 minutes`: in milliseconds. A bare number counts in `unit`, if one is given. */
export function parseDuration(text: string, unit?: 'ms' | 's'): number | undefined {
  const trimmed = text.trim()
  if (/^-?[\d.]+$/.test(trimmed)) return unit ? positive(Number(trimmed) * unitMs[unit]!) : undefined
  const parts = [...trimmed.slice(0, 64).matchAll(durationPart)]
  if (
    parts.length === 0 ||
    parts
      .map(([part]) => part)
      .join('')
      .trim().length !== trimmed.length
  )
    return undefined
  return positive(parts.reduce((sum, [, number, name]) => sum + Number(number) * unitOf(name!), 0))
}

const durationPart =
  /(\d+(?:\.\d+)?)\s*(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)[,\s]*(?:and\s+)?/gi

function unitOf(name: string): number {
  const word = name.toLowerCase()
  if (word === 'ms' || word.startsWith('milli')) return 1
  return unitMs[word[0]!]!
}

/** An instant as the distance from now: RFC 3339, an HTTP date, or seconds since 1970. */
export function untilInstant(text: string, now: number): number | undefined {
  const trimmed = text.trim()
  const at = /^\d{9,10}$/.test(trimmed)
    ? Number(trimmed) * 1000
    : /\d{4}/.test(trimmed)
      ? Date.parse(trimmed)
      : Number.NaN
  return positive(at - now)
}

/** Whole milliseconds in reason, or nothing: services send 0, -1 and NaN where they mean that they do not know. */
export function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? Math.min(Math.ceil(ms), longestMs) : undefined
}
