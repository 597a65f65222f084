import type { ErrorKind } from '../../model/error.ts'
import type { CredentialOwner } from '../credentials.ts'
import { KeychainError } from '../keychain-error.ts'
import { accountId, accountParts } from './account.ts'
import type { AccountLife } from './account-life.ts'
import { type AccountState, accountState } from './account-state.ts'
import type { Accounts } from './accounts.ts'

export interface AccountView extends AccountState {
  /** `provider/alias` */
  id: string
  provider: string
  alias: string
  /** Who signed in, where the service says it. */
  label: string | null
  /** When the token ends, since the epoch; it is renewed before. */
  expiresAt: number | null
  scopes: string[]
}

export interface AccountViewsOptions {
  accounts: Accounts
  life: Pick<AccountLife, 'trouble'>
  providers(): readonly CredentialOwner[]
  /** Credentials (`provider[alias]`) that failed. */
  failed(): readonly { id: string; state: string; failure?: { kind: ErrorKind; message: string } }[]
  loginFailure(account: string): string | undefined
  now(): number
}

/** Accounts as a person sees them. */
export interface AccountViews {
  /** Those the config names, and whoever else is signed in. */
  all(): Promise<AccountView[]>
  /** The credentials (`provider[alias]`) that an account serves. */
  usersOf(account: string): string[]
  /** What the providers themselves refuse, in words that change with it; empty where no account is in use. */
  refusals(): string
}

export function createAccountViews({
  accounts,
  life,
  providers,
  failed,
  loginFailure,
  now,
}: AccountViewsOptions): AccountViews {
  const inUse = () =>
    providers().flatMap(({ id, credentials }) =>
      credentials
        .filter(({ type }) => type === 'oauth')
        .map((credential) => ({ account: accountId(id, credential), credential: `${id}[${credential.alias}]` })),
    )
  const usersOf = (account: string) => inUse().flatMap((user) => (user.account === account ? [user.credential] : []))

  /** After a refresh too: before that nobody hears of it. */
  function refusalOf(credentials: readonly string[]): string | undefined {
    const refused = failed().find(
      ({ id, state, failure }) =>
        credentials.includes(id) && state !== 'healthy' && failure?.kind === 'bad-credentials',
    )
    return refused?.failure?.message
  }

  async function viewOf(id: string): Promise<AccountView> {
    const found = await read(id)
    const account = found instanceof KeychainError ? undefined : found
    const parts = accountParts(id)
    const state = accountState({
      account: found,
      settings: providers().find((one) => one.id === parts.provider)?.oauth,
      now: now(),
      unkept: accounts.unkept(id),
      loginFailure: loginFailure(id),
      refreshFailure: account && life.trouble(id, account.accessToken)?.message,
      refused: refusalOf(usersOf(id)),
    })
    const { label = null, expiresAt = null, scopes = [] } = account ?? {}
    return { id, ...parts, label, expiresAt, scopes: [...scopes], ...state }
  }

  async function read(id: string) {
    try {
      return await accounts.get(id)
    } catch (thrown) {
      if (thrown instanceof KeychainError) return thrown
      throw thrown
    }
  }

  return {
    async all() {
      const named = inUse().map(({ account }) => account)
      const ids = [...new Set([...named, ...(await accounts.list())])].sort()
      return Promise.all(ids.map(viewOf))
    },
    usersOf,
    refusals: () =>
      inUse()
        .map(({ credential }) => refusalOf([credential]) ?? '')
        .join('\n'),
  }
}
