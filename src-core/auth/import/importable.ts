import type { ServiceProfile } from '../../config/service-profile-schema.ts'
import type { Account } from '../oauth/account.ts'

/** A credential another program or the environment holds, as a person may see it: no token, no key. */
export interface Importable {
  /** `gemini-cli`, `qwen`, `iflow`, or `env:NAME`. */
  id: string
  /** The file, or the name of the variable. */
  from: string
  kind: 'account' | 'key'
  /** Of a provider that can use it. */
  profile: string
  /** Who is signed in. */
  label?: string
  expiresAt?: number
  scopes?: readonly string[]
  /** What to know before taking it over. */
  note?: string
  /** Why it cannot be taken over, and what to do instead. */
  hurdle?: string
}

/** With what is worth something; where there is a hurdle, without. */
export type Found = Importable & { account?: Account; key?: string }

export type ProfileFacts = Pick<ServiceProfile, 'name' | 'status' | 'oauth'>
