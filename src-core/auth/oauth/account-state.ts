import type { OAuthSettings } from '../../config/oauth-settings.ts'
import type { KeychainError } from '../keychain-error.ts'
import type { Account } from './account.ts'
import { phaseOf } from './phase.ts'

/** How an account stands; `error` says what is wrong or what to do, as a sentence. */
export interface AccountState {
  state: 'ok' | 'expiring' | 'sign-in-again' | 'signed-out' | 'locked'
  error?: string
}

export interface AccountFacts {
  /** What the keychain gave, or why it gave nothing. */
  account: Account | KeychainError | undefined
  settings: OAuthSettings | undefined
  now: number
  /** Why the keychain does not have it as it is now. */
  unkept?: KeychainError
  /** What the last login failed by. */
  loginFailure?: string
  /** What the last refresh failed by. */
  refreshFailure?: string
  /** The provider itself has refused it, after a refresh too. */
  refused?: string
}

export function accountState(facts: AccountFacts): AccountState {
  const { account, settings, unkept, loginFailure, refreshFailure, refused } = facts
  if (account instanceof Error) return { state: 'locked', error: `${account.message}. ${account.hint}` }
  if (!account) return { state: 'signed-out', ...(loginFailure !== undefined && { error: loginFailure }) }
  const again = account.dead ?? refused
  if (again !== undefined) return { state: 'sign-in-again', error: again }
  const phase = phaseOf(account, settings ?? { refreshMarginSeconds: 0 }, facts.now)
  if (account.refreshToken === undefined && phase !== 'fresh') {
    if (phase === 'due') return { state: 'expiring', error: 'The login ends soon and cannot be renewed by itself.' }
    return { state: 'sign-in-again', error: 'The login has ended and cannot be renewed by itself.' }
  }
  if (unkept) return { state: 'locked', error: `It counts until Patchbay ends: ${unkept.message}. ${unkept.hint}` }
  if (refreshFailure !== undefined && phase !== 'fresh') return { state: 'expiring', error: refreshFailure }
  return { state: 'ok' }
}
