import type { OAuthSettings } from '../config/oauth-settings.ts'
import type { Paths } from '../config/paths.ts'
import type { CredentialOwner } from './credentials.ts'
import type { InstalledGeminiCli } from './installed-gemini-cli.ts'
import type { Keychain } from './keychain.ts'
import { type AccountLife, createAccountLife } from './oauth/account-life.ts'
import { type AccountView, type AccountViewsOptions, createAccountViews } from './oauth/account-views.ts'
import { type Accounts, createAccounts } from './oauth/accounts.ts'
import type { Logins } from './oauth/logins.ts'
import { type SignedOut, signOut } from './oauth/sign-out.ts'
import type { WebFetch } from './oauth/web-fetch.ts'
import { createSecretNames } from './secret-names.ts'
import { createSecretStore } from './secret-store.ts'
import type { SecretReader } from './secrets.ts'

/** What happens to accounts, for the log. */
export type AccountLog = Record<'debug' | 'info' | 'warn', (event: string, about: object) => void>

export interface OpenAccountsOptions {
  paths: Pick<Paths, 'accountNames' | 'accountLocks'>
  keychain: Keychain
  secrets: SecretReader
  fetch: WebFetch
  /** Asked only where the config says so. */
  installedGeminiCli: InstalledGeminiCli
  providers(): readonly CredentialOwner[]
  /** Credentials (`provider[alias]`) that failed. */
  failed: AccountViewsOptions['failed']
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
        if (outcome === 'signed in') for (const credential of views.usersOf(account)) options.restored(credential)
        changed()
      },
    })
    return made
  }

  const views = createAccountViews({
    accounts,
    life,
    providers: options.providers,
    failed: options.failed,
    logins: () => made?.last,
    now,
  })
  let refusals = ''

  return {
    accounts,
    life,
    view: views.all,
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
      const before = refusals
      refusals = views.refusals()
      if (refusals !== before) changed()
    },
    inUse: () => [...accounts.inUse(), ...options.installedGeminiCli.inUse(), ...(made?.inUse() ?? [])],
    close() {
      made?.close()
      accounts.close()
    },
  }
}
