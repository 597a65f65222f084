import type { OAuthSettings } from '../../config/oauth-settings.ts'
import { GatewayError } from '../../model/error.ts'
import { orGone } from '../../model/or-gone.ts'
import { KeychainError } from '../keychain-error.ts'
import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import { phaseOf } from './phase.ts'
import type { TokenService } from './token-service.ts'

/** Looks after accounts while they are used: the one place where tokens are refreshed. */
export interface AccountLife {
  /**
   * A token that should serve, at once where one is remembered. `refused` is one the service has just refused. Throws
   * or rejects with `no-credential` (signed out, or the keychain is shut), `bad-credentials` (only a new login helps), or
   * what came in the way of a refresh.
   */
  tokenFor(question: TokenQuestion, signal: AbortSignal): string | Promise<string>
  /** What came in the way of the last refresh of just this token. */
  trouble(id: string, token: string): GatewayError | undefined
  /** Why there was no token when one was last wanted, in words. */
  missing(id: string): string | undefined
}

export interface TokenQuestion {
  provider: string
  /** The account's id. */
  id: string
  settings: OAuthSettings
  refused?: string
}

export interface AccountLifeOptions {
  accounts: Accounts
  service(provider: string, settings: OAuthSettings): Promise<Pick<TokenService, 'refresh'>>
  now(): number
  /** A refresh has ended; what nobody waited for is told here alone. */
  refreshed(id: string, failure: GatewayError | undefined): void
}

/** A refresh belongs to all who wait for it, so none of their signals ends it. */
const refreshMs = 30_000
/** After a failed refresh the service is left alone for so long, doubling. */
const [shortestPauseMs, longestPauseMs] = [2000, 60_000]

export function createAccountLife({ accounts, service, now, refreshed }: AccountLifeOptions): AccountLife {
  const running = new Map<string, Promise<Account>>()
  const pauses = new Map<string, { token: string; until: number; ms: number; because: GatewayError }>()
  const missing = new Map<string, string>()
  accounts.subscribe((id) => void missing.delete(id))

  /** Of the account itself; what is the service's or the network's trouble passes by itself. */
  function noted(id: string, because: GatewayError): GatewayError {
    if (because.kind === 'no-credential' || because.kind === 'bad-credentials') missing.set(id, because.message)
    return because
  }

  function refresh(question: TokenQuestion, account: Account): Promise<Account> {
    const { id } = question
    const known = running.get(id)
    if (known) return known
    const pause = pauses.get(id)
    if (pause && pause.token === account.accessToken && now() < pause.until) return Promise.reject(pause.because)
    const started = accounts
      .locked(id, () => refreshAlone(question, account))
      .then(
        (next) => {
          pauses.delete(id)
          refreshed(id, undefined)
          return next
        },
        (thrown: unknown) => {
          const because = thrown instanceof KeychainError ? shut(question, thrown) : GatewayError.from(thrown)
          const ms = because.wait?.ms ?? Math.min(longestPauseMs, (pause?.ms ?? shortestPauseMs / 2) * 2)
          pauses.set(id, { token: account.accessToken, until: now() + ms, ms, because })
          refreshed(id, because)
          throw noted(id, because)
        },
      )
      .finally(() => running.delete(id))
    running.set(id, started)
    return started
  }

  /** No other process is at it now. */
  async function refreshAlone({ provider, id, settings }: TokenQuestion, used: Account): Promise<Account> {
    const { account, certain } = await newest(id, used, settings)
    if (!account) throw signedOut(provider, id)
    if (account.accessToken !== used.accessToken && phaseOf(account, settings, now()) === 'fresh') return account
    const { refreshToken } = account
    if (account.dead !== undefined || refreshToken === undefined) throw over(provider, account)
    const asks = await service(provider, settings)
    try {
      const next = await asks.refresh({ ...account, refreshToken }, AbortSignal.timeout(refreshMs))
      await accounts.put(id, next) // before anybody uses it: the old one may be worth nothing now
      return next
    } catch (thrown) {
      if (certain && thrown instanceof GatewayError && thrown.kind === 'bad-credentials') {
        await accounts.put(id, { ...account, dead: thrown.message })
      }
      throw thrown
    }
  }

  /**
   * With the keychain shut, what still serves is not risked. What has ended is tried, and its refusal marks nothing:
   * another process may have stored a newer one.
   */
  async function newest(id: string, used: Account, settings: OAuthSettings) {
    try {
      return { account: await accounts.getAnew(id), certain: true }
    } catch (thrown) {
      if (!(thrown instanceof KeychainError) || phaseOf(used, settings, now()) !== 'over') throw thrown
      return { account: used, certain: false }
    }
  }

  function given(question: TokenQuestion, account: Account | undefined, signal: AbortSignal): string | Promise<string> {
    const { provider, id, settings, refused } = question
    if (!account) throw noted(id, signedOut(provider, id))
    const { accessToken, refreshToken, dead } = account
    const refreshable = refreshToken !== undefined && dead === undefined
    if (refused === accessToken) {
      if (!refreshable) return accessToken // the service's own words say it best
      return untilGone(refresh(question, account), signal)
    }
    const phase = phaseOf(account, settings, now())
    if (missing.size > 0 && phase !== 'over') missing.delete(id)
    if (phase === 'fresh') return accessToken
    if (phase === 'over') {
      if (!refreshable) throw noted(id, over(provider, account))
      return untilGone(refresh(question, account), signal)
    }
    if (refreshable) refresh(question, account).catch(() => {}) // `refreshed` has told it; the token still serves
    return accessToken
  }

  return {
    tokenFor(question, signal) {
      const account = accounts.get(question.id)
      if (!(account instanceof Promise)) return given(question, account, signal)
      return account.then(
        (read) => given(question, read, signal),
        (thrown: unknown) => {
          throw thrown instanceof KeychainError ? noted(question.id, shut(question, thrown)) : thrown
        },
      )
    },
    trouble(id, token) {
      const pause = pauses.get(id)
      return pause?.token === token ? pause.because : undefined
    },
    missing: (id) => missing.get(id),
  }
}

async function untilGone(refreshing: Promise<Account>, signal: AbortSignal): Promise<string> {
  return (await orGone(refreshing, signal)).accessToken
}

function signedOut(provider: string, id: string): GatewayError {
  return new GatewayError('no-credential', `Provider ${provider} is not signed in: sign in as ${id} under Accounts.`)
}

function over(provider: string, { dead }: Account): GatewayError {
  const ended = `The login of provider ${provider} has ended and cannot be renewed: sign in again.`
  return new GatewayError('bad-credentials', dead ?? ended)
}

function shut({ provider, id }: TokenQuestion, { message, hint }: KeychainError): GatewayError {
  return new GatewayError(
    'no-credential',
    `The login ${id} of provider ${provider} cannot be used, because ${message}. ${hint}`,
  )
}
