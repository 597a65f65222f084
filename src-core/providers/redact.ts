import { redactionMark, redactText } from '../model/redact.ts'

/**
 * A service's words without what looks like a key: services like to repeat the key they refuse. Stricter than for
 * our own words, because nothing is lost when a stranger's sentence misses an odd word.
 */
export function redact(text: string): string {
  return redactText(text)
    .replace(namedSecret, (whole, before: string, value: string) => (isWord(value) ? whole : before + redactionMark))
    .replace(/[A-Za-z0-9+/_=-]{20,}/g, (token) => (looksRandom(token) ? redactionMark : token))
}

const namedSecret =
  /((?:\bapi[ _-]?key(?: provided)?|\btoken|\bkey|\breceived|\bsecret|\bpassword|\bcode|\bhash)\)?\s*[:=]\s*["'`]?)([^\s"'`,;)]{4,})/gi

const isWord = (value: string): boolean => /^[a-z_]+$|^[A-Z][a-z]+$|^\d{1,6}$/.test(value) && value.length < 24

/** A run without word breaks that mixes letters and digits, or one too long to be a word. */
function looksRandom(token: string): boolean {
  return token
    .split(/[-_/+=]/)
    .some((run) => run.length >= 32 || (run.length >= 16 && /[A-Za-z]/.test(run) && /\d/.test(run)))
}
