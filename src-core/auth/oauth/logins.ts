import { randomUUID } from 'node:crypto'
import { loginHurdle, type OAuthSettings } from '../../config/oauth-settings.ts'
import { GatewayError } from '../../model/error.ts'
import type { CredentialOwner } from '../credentials.ts'
import { type Account, accountNamed, accountParts } from './account.ts'
import type { Accounts } from './accounts.ts'
import { openCodeLogin } from './code-login.ts'
import { openDeviceLogin } from './device-login.ts'
import { LoginError } from './login-error.ts'
import type { TokenService } from './token-service.ts'

/** A login that waits for a person. */
export interface OpenLogin {
  id: string
  /** To be opened in a browser. */
  url: string
  /** To be typed there. */
  userCode?: string
  expiresAt: number
  /** The browser cannot come back by itself: the address it shows at the end is to be brought here. */
  bring?: true
  /** What the person should know before. */
  note?: string
}

/** The last login of an account: whether it still waits, or how it ended. */
export interface LastLogin {
  id: string
  state: 'open' | 'signed-in' | 'cancelled' | 'failed'
  /** Why it failed, as a sentence. */
  because?: string
}

/** Signing in, from the click to the account. Nothing here opens a browser. */
export interface Logins {
  /**
   * By the name of an account, or of a credential. Takes the place of a login of the same account. Rejects with a
   * LoginError, or a GatewayError of the service.
   */
  begin(provider: string, alias: string): Promise<OpenLogin>
  /** With the address the browser showed, where it could not come back. Resolves with the account's id. */
  complete(id: string, redirectUrl: string): Promise<string>
  cancel(id: string): void
  /** What became of the last login of each account since the start. */
  last: ReadonlyMap<string, LastLogin>
  /** What is worth something while logins are open. */
  inUse(): Iterable<string>
  close(): void
}

export interface LoginsOptions {
  accounts: Accounts
  provider(id: string): Pick<CredentialOwner, 'oauth' | 'credentials'> | undefined
  /** Reads the client secret of its provider; rejects in words. */
  service(provider: string, settings: OAuthSettings): Promise<TokenService>
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
  ended(account: string, outcome: Outcome): void
}

type Outcome = 'signed in' | 'cancelled' | GatewayError | LoginError

interface Attempt {
  account: string
  login: OpenLogin
  /** Only where a browser comes back. */
  accept?: (callback: URL) => Promise<string>
  secrets: readonly string[]
  stop(): void
}

const longestLoginMs = 5 * 60_000
const mostLogins = 8
/** A person who has just signed in may have to unlock the keychain. */
const patienceMs = 60_000

export function createLogins(options: LoginsOptions): Logins {
  const { accounts, now, sleep } = options
  const open = new Map<string, Attempt>()
  const last = new Map<string, LastLogin>()
  let closed = false

  function end(id: string, outcome: Outcome): void {
    const attempt = open.get(id)
    if (!attempt) return
    open.delete(id)
    attempt.stop()
    last.set(attempt.account, { id, ...ending(outcome) })
    options.ended(attempt.account, outcome)
  }

  /** Keeps what a login brought; resolves with the words for whoever signed in. */
  async function keep(id: string, account: string, doing: Promise<Account>, service: TokenService): Promise<string> {
    try {
      const brought = await doing
      const label = brought.label ?? (await service.labelOf(brought, AbortSignal.timeout(10_000)).catch(unlabelled))
      if (!open.has(id)) throw new LoginError('over', 'This login was cancelled.')
      const named = label === undefined ? brought : { ...brought, label }
      const stored = await accounts.locked(account, () => accounts.put(account, named, patienceMs))
      end(id, 'signed in')
      if (stored.kept === 'keychain') return 'Patchbay keeps the login in the keychain.'
      return `The login counts until Patchbay ends, because ${stored.because.message}. ${stored.because.hint}`
    } catch (thrown) {
      const failure = thrown instanceof LoginError ? thrown : GatewayError.from(thrown)
      end(id, failure)
      throw failure
    }
  }

  async function openAttempt(id: string, account: string, known: OAuthSettings): Promise<OpenLogin> {
    const { provider } = accountParts(account)
    const service = await options.service(provider, known)
    const { settings } = service
    const ends = new AbortController()
    const { signal } = ends
    const stop = () => ends.abort(new LoginError('over', 'This login was cancelled.'))
    if (settings.flow === 'device') {
      const { url, userCode, expiresAt, secrets, wait } = await openDeviceLogin({
        settings,
        service,
        now,
        sleep,
        signal,
      })
      const login = { id, url, userCode, expiresAt }
      register({ account, login, secrets, stop })
      keep(id, account, wait(), service).catch(() => {}) // `end` has told it
      return login
    }
    const accept = (callback: URL) => keep(id, account, code.accept(callback), service)
    const code = await openCodeLogin({ settings, service, signal, cameBack: async (callback) => accept(callback) })
    const { url, note, secrets, close } = code
    const login: OpenLogin = {
      id,
      url,
      expiresAt: now() + longestLoginMs,
      note,
      ...(note !== undefined && { bring: true }),
    }
    const timer = setTimeout(() => end(id, expired()), longestLoginMs).unref()
    const stopAll = () => {
      clearTimeout(timer)
      close()
      stop()
    }
    register({ account, login, accept, secrets, stop: stopAll })
    return login
  }

  /** Others may have begun, or everything may have ended, while this one was made. */
  function register(attempt: Attempt): void {
    for (const [id, other] of open) if (other.account === attempt.account) end(id, 'cancelled')
    open.set(attempt.login.id, attempt)
    last.set(attempt.account, { id: attempt.login.id, state: 'open' })
    if (closed) end(attempt.login.id, 'cancelled')
  }

  return {
    async begin(provider, alias) {
      const known = options.provider(provider)
      if (!known) throw new LoginError('unknown', `There is no provider ${provider} in the config.`)
      const hurdle = loginHurdle(provider, known.oauth)
      if (hurdle !== undefined || !known.oauth) throw new LoginError('refused', hurdle ?? '')
      const account = accountNamed(provider, known.credentials, alias)
      for (const [id, attempt] of open) if (attempt.account === account) end(id, 'cancelled') // its port may be wanted
      if (open.size >= mostLogins) {
        throw new LoginError('refused', `${mostLogins} logins are open: finish or cancel one of them.`)
      }
      const login = await openAttempt(randomUUID(), account, known.oauth)
      const { status } = known.oauth
      const terms = status?.state === 'restricted' ? status.because : undefined
      const note = [terms, login.note].filter((words) => words !== undefined).join(' ')
      return note === '' ? login : { ...login, note }
    },
    async complete(id, redirectUrl) {
      const attempt = open.get(id)
      if (!attempt) throw noLogin()
      if (!attempt.accept) throw new LoginError('refused', 'This login needs no address: type its code on the page.')
      if (!URL.canParse(redirectUrl))
        throw new LoginError('elsewhere', 'This is no address: paste all of what the browser shows.')
      await attempt.accept(new URL(redirectUrl))
      return attempt.account
    },
    cancel(id) {
      if (!open.has(id)) throw noLogin()
      end(id, 'cancelled')
    },
    last,
    *inUse() {
      for (const { secrets } of open.values()) yield* secrets
    },
    close() {
      closed = true
      for (const id of [...open.keys()]) end(id, 'cancelled')
    },
  }
}

function ending(outcome: Outcome): Omit<LastLogin, 'id'> {
  if (outcome instanceof Error) return { state: 'failed', because: outcome.message }
  return { state: outcome === 'cancelled' ? 'cancelled' : 'signed-in' }
}

const expired = (): LoginError => new LoginError('over', 'Nobody signed in within five minutes: begin again.')
const noLogin = (): LoginError => new LoginError('unknown', 'There is no such login: it has ended, or never began.')

/** A login is worth more than its name. */
const unlabelled = (): undefined => undefined
