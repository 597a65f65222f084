import type { ErrorKind } from '../../model/error.ts'
import type { CredentialOwner } from '../credentials.ts'
import { KeychainError } from '../keychain-error.ts'
import { accountId, accountParts } from './account.ts'
import type { AccountLife } from './account-life.ts'
import { type AccountState, accountState } from './account-state.ts'
import type { Accounts } from './accounts.ts'
import type { LastLogin } from './logins.ts'

export interface AccountView extends AccountState {
  /** `provider/alias` */
  id: string
  provider: string
  alias: string
  /** Who signed in, where the service says it. */
  label: string | null
  /** When the token ends, since the epoch. */
  expiresAt: number | null
  /** Whether it is renewed before. */
  renews: boolean
  scopes: string[]
  /** Credentials (`provider[alias]`) that need it. */
  usedBy: string[]
  /** A person should hear of it: requests go by it, or did, and it ends or has ended. */
  needsYou: boolean
  /** Of this run. */
  login?: LastLogin
}

export interface AccountViewsOptions {
  accounts: Accounts
  life: Pick<AccountLife, 'trouble'>
  providers(): readonly CredentialOwner[]
  /** Credentials (`provider[alias]`) that failed. */
  failed(): readonly { id: string; state: string; failure?: { kind: ErrorKind; message: string } }[]
  /** undefined: nobody has begun one. */
  logins(): ReadonlyMap<string, LastLogin> | undefined
  now(): number
}

/** Accounts as a person sees them. */
export interface AccountViews {
  /** Those the config names, and whoever else is signed in or tries to. */
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
  logins,
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
    const usedBy = usersOf(id)
    const login = logins()?.get(id)
    const state = accountState({
      account: found,
      settings: providers().find((one) => one.id === parts.provider)?.oauth,
      now: now(),
      unkept: accounts.unkept(id),
      loginFailure: login?.because,
      refreshFailure: account && life.trouble(id, account.accessToken)?.message,
      refused: refusalOf(usedBy),
    })
    const { label = null, expiresAt = null, scopes = [] } = account ?? {}
    const ends = state.state === 'sign-in-again' || state.state === 'expiring'
    const needsYou = ends && usedBy.length > 0
    const known = { label, expiresAt, renews: account?.refreshToken !== undefined, scopes: [...scopes] }
    return { id, ...parts, ...known, usedBy, needsYou, ...(login && { login }), ...state }
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
      // whoever tries to sign in is to hear what became of it
      const tried = [...(logins() ?? [])].filter(([, { state }]) => state === 'open' || state === 'failed')
      const ids = [...new Set([...named, ...tried.map(([id]) => id), ...(await accounts.list())])].sort()
      return Promise.all(ids.map(viewOf))
    },
    usersOf,
    refusals: () =>
      inUse()
        .map(({ credential }) => refusalOf([credential]) ?? '')
        .join('\n'),
  }
}
