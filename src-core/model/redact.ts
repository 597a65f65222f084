/** Stands where a secret stood. Three characters: shorter than any known secret, so that no mark can become one. */
export const redactionMark = '***'
const shortestSecret = 4

/** How the names of secrets are spelled, for a regular expression. */
const secretNames = [
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

/** Whether something of this name is a secret, whatever stands in it. */
export const isSecretName = (name: string): boolean => secretKey.test(name)

const secretKey = new RegExp(`^(?:${secretNames}|token|key)$`, 'i')

/** Text without what is named or looks like a secret, and without the known ones (as `secretSpellings` lists them). */
export function redactText(text: string, known: readonly string[] = []): string {
  // the known ones first: a pattern may end in the middle of one
  const clean = known.length === 0 ? text : withoutKnown(text, known)
  return suspicious.test(clean) ? patterns.reduce(cut, clean) : clean
}

/** Secrets as they stand, in a URL and inside JSON; the longest first, so that none hides in another. */
export function secretSpellings(secrets: Iterable<string>): readonly string[] {
  const all = new Set<string>()
  for (const secret of secrets) {
    // shorter ones are too common to look for
    if (secret.length < shortestSecret) continue
    all.add(secret).add(JSON.stringify(secret).slice(1, -1))
    if (secret.isWellFormed()) all.add(encodeURIComponent(secret))
  }
  return [...all].sort((a, b) => b.length - a.length)
}

const prefixes = 'sk|pk|rk|gsk|pb|xai|hf|ghp|gho'

/** Without one of these no pattern below can match, and most texts have none. */
const suspicious = new RegExp(`[:=@]|\\/k\\/|(?:bearer|basic)\\s|eyJ|(?:${prefixes})[-_]|AIza|ya29|1\\/\\/0`, 'i')

/** Each keeps what tells where the secret stood (`$1`) and loses the secret. All linear in the text. */
const patterns: [RegExp, string][] = [
  // `cookie: a=1; b=2` is secret to the end of its line or string
  [/\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi, `$1${redactionMark}`],
  [/\b(bearer)\s+[A-Za-z0-9._~+/=-]+/gi, `$1 ${redactionMark}`],
  // "a basic plan" is no credential
  [/\b([Bb]asic|BASIC)\s+(?![a-z]+\.?(?![A-Za-z0-9._~+/=-]))[A-Za-z0-9._~+/=-]+/g, `$1 ${redactionMark}`],
  [
    new RegExp(`((?:${secretNames})["']?\\s*[:=]\\s*["']?)(?!(?:bearer|basic)\\s)[^\\s"',;&}\\]]+`, 'gi'),
    `$1${redactionMark}`,
  ],
  [/([?&;](?:key|token|code|state|sig|signature)=)[^&\s"'#]+/gi, `$1${redactionMark}`],
  [/(\/k\/)[^/\s?#"']+/g, `$1${redactionMark}`],
  [/(\b[a-z][a-z0-9+.-]{0,15}:\/\/)[^/\s@"']+@/gi, `$1${redactionMark}@`],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g, redactionMark],
  // services show a part of the key they refuse: `sk-proj-ab****yz`
  [new RegExp(`\\b(?:${prefixes})[-_][A-Za-z0-9_*…-]{4,}(?:\\.+[A-Za-z0-9_*-]+)*`, 'g'), redactionMark],
  [/\bAIza[A-Za-z0-9_*…-]{4,}/g, redactionMark],
  [/\b(?:ya29|1\/\/0)[.A-Za-z0-9_-]{8,}/g, redactionMark],
]

const cut = (words: string, [pattern, replacement]: [RegExp, string]): string => words.replace(pattern, replacement)

/** Text without the known secrets, until none is left: two pieces around a mark may make a secret again. Every round shortens the text. */
export function withoutKnown(words: string, secrets: readonly string[]): string {
  let clean = words
  let found = true
  while (found) {
    found = false
    for (const secret of secrets) {
      if (!clean.includes(secret)) continue
      clean = clean.replaceAll(secret, redactionMark)
      found = true
    }
  }
  return clean
}
