import type { AccountView } from '../../src-core/control/contract.ts'

/** An account as the control port tells it. */
export const accountView = (id: string, state: AccountView['state'], more: Partial<AccountView> = {}): AccountView => ({
  id,
  provider: id.split('/')[0]!,
  alias: id.split('/')[1]!,
  label: null,
  expiresAt: null,
  renews: true,
  scopes: [],
  usedBy: [id],
  needsYou: state === 'expiring' || state === 'sign-in-again',
  state,
  ...more,
})
