import { z } from 'zod'

// A config is read a few times in a process's life: compiling its checks would cost the start more than it saves.
z.config({ jitless: true })

/** The pieces config and service profiles share. A field's description is also the hint a user gets when it is wrong. */

export const idField = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'is not a usable name')
  .describe('Letters, digits, - and _; no dot, because the provider is what stands before the first dot.')

export const targetField = z
  .string()
  .min(1)
  .describe('provider.model, provider[alias].model, or provider.* for the model the client named.')

export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) => z.int().min(least).max(most)

const words = (what: string) => `${what}, a whole number of milliseconds.`

export const timeoutFields = {
  connectMs: wholeNumber(1, 2_147_483_647).describe(words('How long a connection may take')),
  firstByteMs: wholeNumber(1, 2_147_483_647).describe(words('How long the first byte of an answer may take')),
  idleMs: wholeNumber(1, 2_147_483_647).describe(words('Silence in a stream after which it is a failure')),
}

/** `keychain:NAME`, `env:NAME` or `file:PATH`. A literal is refused and never repeated in the message. */
const referencePattern = /^(?:keychain:[^\s]+|env:[A-Za-z_][A-Za-z0-9_]*|file:\S(?:.*\S)?)$/

export const secretField = z
  .string()
  .regex(referencePattern, 'must be a reference, never the secret itself')
  .describe(
    'Store it with `npm run secret -- set NAME` and write "keychain:NAME". Without a keychain: `export NAME=…` and ' +
      'write "env:NAME", or `(umask 077; cat > ~/.patchbay-secret)` (paste, Enter, Ctrl-D) and write ' +
      '"file:~/.patchbay-secret".',
  )

export const baseUrlField = z
  .string()
  .superRefine((text, context) => {
    const problem = addressProblem(text)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })
  .transform((text) => text.replace(/\/+$/, ''))
  .describe('An http or https address ending in the version segment, for example http://127.0.0.1:4000/v1.')

function addressProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an http or https address'
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) return 'must be an http or https address'
  if (url.username || url.password) return 'must not hold a user name or password; use auth'
  if (url.hash || [...url.searchParams.keys()].some((name) => name !== 'api-version')) {
    return 'must not hold a query; a key belongs under auth'
  }
  return undefined
}

export const urlField = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is not a header name')
const reserved =
  /^(?:host|connection|content-length|transfer-encoding|te|upgrade|authorization|proxy-authorization|api-key|x-api-key|x-goog-api-key|x-patchbay-key)$/i

export const headersField = z
  .record(
    headerName.refine((name) => !reserved.test(name), 'is set by Patchbay itself; a credential belongs under auth'),
    z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line of text'),
  )
  .describe('Extra headers for every call, name: value.')

export const patternField = z
  .string()
  .min(1)
  .max(1000)
  .refine(compiles, 'is not a regular expression')
  .describe('A regular expression; upper and lower case are the same.')

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'i')
    return true
  } catch {
    return false
  }
}
