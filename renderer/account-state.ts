import type { AccountView } from '../src-core/control/contract.ts'
import type { MarkState } from './components/state-mark.tsx'

/** Whether there is a login at all, be it dead or for this run alone. */
export function isSignedIn({ state, label, expiresAt, scopes }: AccountView): boolean {
  if (state === 'signed-out') return false
  // what lies in a locked keychain is not known
  return state !== 'locked' || label !== null || expiresAt !== null || scopes.length > 0
}

export function accountMark(account: AccountView): MarkState {
  switch (account.state) {
    case 'ok':
      return 'healthy'
    case 'expiring':
      return 'cooling'
    case 'sign-in-again':
      return 'tripped'
    case 'signed-out':
      return 'off'
    case 'locked':
      return isSignedIn(account) ? 'cooling' : 'unknown'
  }
}
