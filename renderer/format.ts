/** Figures as people read them. Pure: the language and the time come in. */

/** `950`, `1.2 k`, `182 k`, `1.05 M`. */
export function compactCount(count: number): string {
  if (count < 1000) return String(Math.round(count))
  const [scaled, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1_000_000, 'M']
  const digits = scaled < 10 ? (unit === 'M' ? 2 : 1) : 0
  return `${Number(scaled.toFixed(digits))} ${unit}`
}

/** `85 ms`, `1.2 s`, `45 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** What is left, as a clock: `0:42`, `12:05`, `1:02:00`. */
export function countdown(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / 1000))
  const two = (part: number) => String(part).padStart(2, '0')
  const [hours, minutes] = [Math.floor(left / 3600), Math.floor(left / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`
}

/** `61 %`; what is nearly nothing is not called nothing. */
export function percent(ratio: number): string {
  if (ratio > 0 && ratio < 0.01) return '< 1 %'
  return `${Math.round(ratio * 100)} %`
}

const clock = perLanguage(
  (language) =>
    new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }),
)
const exact = perLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }))

export const clockTime = (at: number, language: string): string => clock(language).format(at)

export const exactTime = (at: number, language: string): string => exact(language).format(at)

const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** `2 minutes ago`, `now`. */
export function relativeTime(at: number, now: number, language: string): string {
  const seconds = Math.round((at - now) / 1000)
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit)
}

/** Made once: a format costs far more to make than to use, and a list of rows uses it all the time. */
function perLanguage<Format>(make: (language: string) => Format): (language: string) => Format {
  const made = new Map<string, Format>()
  return (language) => {
    const format = made.get(language) ?? make(language)
    made.set(language, format)
    return format
  }
}
