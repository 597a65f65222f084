import { z } from 'zod'
import { KeychainError } from '../keychain-error.ts'

/** What a login gave us: the content of one entry of the keychain. */
export interface Account {
  /** A token, or the key of a service whose login yields one. */
  accessToken: string
  refreshToken?: string
  /** Since 1970 and by our own clock; left out: it does not end by itself. */
  expiresAt?: number
  /** When the access token came. */
  obtainedAt: number
  scopes: readonly string[]
  /** Who signed in, for the eye. */
  label?: string
  /** What else the service told of it, or whoever asks the service has found out (a project). No secrets. */
  facts: Readonly<Record<string, string>>
  /** Why only a new login helps, as a sentence. The tokens stay: they may still be told to the service for revoking. */
  dead?: string
}

/** Which account a provider's credential means: `provider/alias`. */
export function accountId(provider: string, { alias, account }: { alias: string; account?: string }): string {
  return `${provider}/${account ?? alias}`
}

/** The account a person means: one that a credential names, or that of the credential with this alias. */
export function accountNamed(
  provider: string,
  credentials: readonly { alias: string; account?: string }[],
  name: string,
): string {
  const named = credentials.some(({ account }) => account === name)
  const account = named ? name : credentials.find(({ alias }) => alias === name)?.account
  return accountId(provider, { alias: name, account })
}

export function accountParts(id: string): { provider: string; alias: string } {
  const slash = id.indexOf('/')
  return { provider: id.slice(0, slash), alias: id.slice(slash + 1) }
}

const schema = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  expiresAt: z.number().optional(),
  obtainedAt: z.number(),
  scopes: z.array(z.string()),
  label: z.string().optional(),
  facts: z.record(z.string(), z.string()),
  dead: z.string().optional(),
})

/** One line of visible ASCII, as everything in the keychain. */
export function writeAccount(account: Account): string {
  return JSON.stringify(account).replace(
    /[^\x21-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Throws a KeychainError when it is no account. */
export function readAccount(id: string, text: string): Account {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause
    // the cause would repeat what lies there
    throw new KeychainError('unavailable', `the account ${id} is damaged in the keychain; sign in again`)
  }
}
