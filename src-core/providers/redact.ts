/** What looks like a key in a service's words is cut: services like to repeat the key they refuse. */
export function redact(text: string): string {
  return text
    .replace(/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, '$1 …')
    .replace(/\b(?:sk|pk|rk|gsk|xai|hf|ghp|gho|key|ya29|AIza|eyJ|AQ)[-_.]?[A-Za-z0-9_.*…-]*[A-Za-z0-9*]{4,}/g, cutKnown)
    .replace(namedSecret, (whole, before: string, value: string) => (isWord(value) ? whole : `${before}…`))
    .replace(/[A-Za-z0-9+/_=-]{20,}/g, (token) => (looksRandom(token) ? '…' : token))
}

const namedSecret =
  /((?:\bapi[ _-]?key(?: provided)?|\btoken|\bkey|\breceived|\bsecret|\bpassword|\bcode|\bhash)\)?\s*[:=]\s*["'`]?)([^\s"'`,;)]{4,})/gi

/** Prefixes alone are ordinary words (`key`, `sk`); with a long, masked or mixed tail they are a key. */
function cutKnown(token: string): string {
  if (/^(sk|pk|rk|gsk|xai|hf|ghp|gho)[-_]/.test(token)) return '…'
  if (/^(AIza|eyJ|ya29)/.test(token)) return '…'
  return looksRandom(token) ? '…' : token
}

const isWord = (value: string): boolean => /^[a-z_]+$|^[A-Z][a-z]+$|^\d{1,6}$/.test(value) && value.length < 24

/** A run without word breaks that mixes letters and digits, or one too long to be a word. */
function looksRandom(token: string): boolean {
  return token
    .split(/[-_/+=]/)
    .some((run) => run.length >= 32 || (run.length >= 16 && /[A-Za-z]/.test(run) && /\d/.test(run)))
}
