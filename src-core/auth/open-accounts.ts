import type { OAuthSettings } from '../config/oauth-settings.ts'
import type { Paths } from '../config/paths.ts'
import type { ErrorKind } from '../model/error.ts'
import type { CredentialOwner } from './credentials.ts'
import type { InstalledGeminiCli } from './installed-gemini-cli.ts'
import type { Keychain } from './keychain.ts'
import { KeychainError } from './keychain-error.ts'
import { accountId, accountParts } from './oauth/account.ts'
import { type AccountLife, createAccountLife } from './oauth/account-life.ts'
import { type AccountState, accountState } from './oauth/account-state.ts'
import { type Accounts, createAccounts } from './oauth/accounts.ts'
import type { LastLogin, Logins } from './oauth/logins.ts'
import { type SignedOut, signOut } from './oauth/sign-out.ts'
import type { WebFetch } from './oauth/web-fetch.ts'
import { createSecretNames } from './secret-names.ts'
import { createSecretStore } from './secret-store.ts'
import type { SecretReader } from './secrets.ts'

/** What happens to accounts, for the log. */
export type AccountLog = Record<'debug' | 'info' | 'warn', (event: string, about: object) => void>

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
  /** Credentials (`provider[alias]`) that need it. */
  usedBy: string[]
  /** A person should hear of it: requests go by it, or did, and it ends or has ended. */
  needsYou: boolean
  /** Of this run. */
  login?: LastLogin
}

export interface OpenAccountsOptions {
  paths: Pick<Paths, 'accountNames' | 'accountLocks'>
  keychain: Keychain
  secrets: SecretReader
  fetch: WebFetch
  /** Asked only where the config says so. */
  installedGeminiCli: InstalledGeminiCli
  providers(): readonly CredentialOwner[]
  /** Credentials (`provider[alias]`) that failed. */
  refused(): readonly { id: string; state: string; failure?: { kind: ErrorKind; message: string } }[]
  /** The credential serves again. */
  restored(credential: string): void
  log(): AccountLog
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Accounts as the gateway has them: who is signed in, how tokens live, how one signs in and out. */
export interface OpenAccounts {
  accounts: Accounts
  life: AccountLife
  /** How each stands: those the config names, and whoever else is signed in or tries to. */
  view(): Promise<AccountView[]>
  /** Loaded when the first is wanted: a start needs none of it. */
  logins(): Promise<Logins>
  signOut(account: string): Promise<SignedOut>
  /** Called when an account may stand otherwise than before. */
  subscribe(listener: () => void): () => void
  /** To be called when the health of some credential may have changed. */
  healthChanged(): void
  /** What must never be written anywhere. */
  inUse(): string[]
  close(): void
}

/** Joins the keychain, the logins of the providers and the life of their tokens. */
export function openAccounts(options: OpenAccountsOptions): OpenAccounts {
  const { paths, keychain, secrets, fetch, now, sleep, log } = options
  const store = createSecretStore({
    keychain,
    names: createSecretNames(paths.accountNames),
    watch: paths.accountNames,
    now: () => new Date(now()),
    failed: (thrown) => log().warn('the names of the accounts are not read', { error: thrown }),
  })
  const accounts = createAccounts({
    store,
    locks: paths.accountLocks,
    failed: (thrown) => log().warn('an account is not written down', { error: thrown }),
    told(account, trouble) {
      if (trouble) log().warn('an account counts for this run alone', { account, because: trouble.message })
      else log().info('an account is in the keychain again', { account })
    },
  })
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  accounts.subscribe(changed)
  const provider = (id: string) => options.providers().find((one) => one.id === id)

  async function service(id: string, settings: OAuthSettings) {
    const { createTokenService } = await import('./oauth/token-service.ts')
    if (settings.client !== undefined) {
      const { clientId, clientSecret } = await options.installedGeminiCli.client()
      return createTokenService({ provider: id, settings: { ...settings, clientId }, clientSecret, fetch, now })
    }
    const clientSecret = settings.clientSecret && (await secrets.resolve(settings.clientSecret))
    return createTokenService({ provider: id, settings, clientSecret, fetch, now })
  }

  const life = createAccountLife({
    accounts,
    service,
    now,
    refreshed(account, failure) {
      if (failure) log().warn('an account was not refreshed', { account, kind: failure.kind, because: failure.message })
      else log().debug('an account was refreshed', { account })
      changed()
    },
  })

  let opened: Promise<Logins> | undefined
  let made: Logins | undefined
  async function openLogins(): Promise<Logins> {
    const { createLogins } = await import('./oauth/logins.ts')
    made = createLogins({
      accounts,
      provider,
      service,
      now,
      sleep,
      ended(account, outcome) {
        const failed = outcome instanceof Error
        log().info('a login has ended', { account, outcome: failed ? outcome.message : outcome })
        if (outcome === 'signed in') for (const credential of usersOf(account)) options.restored(credential)
        changed()
      },
    })
    return made
  }

  /** The credentials (`provider[alias]`) that an account serves. */
  function usersOf(account: string): string[] {
    const owner = provider(accountParts(account).provider)
    const users = owner?.credentials.filter((one) => one.type === 'oauth' && accountId(owner.id, one) === account)
    return (users ?? []).map(({ alias }) => `${owner?.id}[${alias}]`)
  }

  /** The providers' own refusals, after a refresh too, of the credentials that are accounts. */
  function refusals(): Map<string, string> {
    const found = new Map<string, string>()
    for (const { id, state, failure } of options.refused()) {
      if (state !== 'healthy' && failure?.kind === 'bad-credentials') found.set(id, failure.message)
    }
    return found
  }

  const credentials = () =>
    options
      .providers()
      .flatMap((one) =>
        one.credentials.filter(({ type }) => type === 'oauth').map((each) => ({ provider: one.id, ...each })),
      )
  let refusedBefore = ''

  async function viewOf(id: string): Promise<AccountView> {
    const account = await Promise.resolve(accounts.get(id)).catch(shut)
    const parts = accountParts(id)
    const because = refusals()
    const usedBy = usersOf(id)
    const login = made?.last.get(id)
    const refused = usedBy.map((credential) => because.get(credential)).find((words) => words !== undefined)
    const known = account instanceof KeychainError ? undefined : account
    const stands = accountState({
      account,
      settings: provider(parts.provider)?.oauth,
      now: now(),
      unkept: accounts.unkept(id),
      loginFailure: login?.because,
      refreshFailure: life.trouble(id)?.message,
      refused,
    })
    const ends = stands.state === 'sign-in-again' || stands.state === 'expiring'
    return {
      id,
      ...parts,
      label: known?.label ?? null,
      expiresAt: known?.expiresAt ?? null,
      scopes: [...(known?.scopes ?? [])],
      usedBy,
      needsYou: ends && usedBy.length > 0,
      ...(login && { login }),
      ...stands,
    }
  }

  return {
    accounts,
    life,
    async view() {
      const named = credentials().map((credential) => accountId(credential.provider, credential))
      // whoever tries to sign in is to hear what became of it
      const tried = [...(made?.last ?? [])].filter(([, { state }]) => state === 'open' || state === 'failed')
      const ids = [...new Set([...named, ...tried.map(([id]) => id), ...(await accounts.list())])].sort()
      return Promise.all(ids.map(viewOf))
    },
    logins() {
      opened ??= openLogins()
      return opened
    },
    async signOut(account) {
      const done = await signOut(account, { accounts, provider, service })
      changed()
      return done
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    healthChanged() {
      const named = credentials()
      if (named.length === 0) return
      const because = refusals()
      const now = named.map(({ provider, alias }) => because.get(`${provider}[${alias}]`) ?? '').join('\n')
      if (now !== refusedBefore) changed()
      refusedBefore = now
    },
    inUse: () => [...accounts.inUse(), ...options.installedGeminiCli.inUse(), ...(made?.inUse() ?? [])],
    close() {
      made?.close()
      accounts.close()
    },
  }
}

function shut(thrown: unknown): KeychainError {
  if (thrown instanceof KeychainError) return thrown
  throw thrown
}
