import { KeychainError } from '../auth/keychain-error.ts'
import { LoginError } from '../auth/oauth/login-error.ts'
import type { OpenAccounts } from '../auth/open-accounts.ts'
import type { QuotaBucket } from '../model/quota.ts'
import type { Handlers } from './contract.ts'
import { badInput, ControlError } from './control-error.ts'

type AccountCalls = Pick<
  Handlers,
  'listAccounts' | 'getQuota' | 'beginLogin' | 'completeLogin' | 'cancelLogin' | 'logout'
>

export interface AccountParts {
  accounts: Pick<OpenAccounts, 'view' | 'logins' | 'signOut'>
  /** What is left to an account; undefined where nobody reports it. */
  quota(account: string, signal: AbortSignal): Promise<QuotaBucket[] | undefined>
}

/** Tokens come in by a login and never out. */
export function accountCalls({ accounts, quota }: AccountParts): AccountCalls {
  return {
    listAccounts: async () => ({ accounts: await accounts.view() }),
    getQuota: async ({ account }, signal) => ({ buckets: (await quota(account, signal)) ?? null }),
    beginLogin: ({ provider, alias }) =>
      accounts
        .logins()
        .then((logins) => logins.begin(provider, alias))
        .catch(told('provider')),
    async completeLogin({ id, redirectUrl }) {
      const logins = await accounts.logins()
      const account = await logins.complete(id, redirectUrl).catch(told('redirectUrl'))
      return { account: (await accounts.view()).find((view) => view.id === account)! }
    },
    async cancelLogin({ id }) {
      try {
        const logins = await accounts.logins()
        logins.cancel(id)
        return { id }
      } catch (thrown) {
        return told('id')(thrown)
      }
    },
    async logout({ account }) {
      return { account, ...(await accounts.signOut(account).catch(told('account'))) }
    },
  }
}

const kinds = { unknown: 'missing', over: 'refused', refused: 'refused' } as const

/** `field` is to blame where something of the input is. */
const told =
  (field: string) =>
  (thrown: unknown): never => {
    if (thrown instanceof KeychainError) {
      throw new ControlError('refused', `Nothing was changed: ${thrown.message}. ${thrown.hint}`, { cause: thrown })
    }
    if (!(thrown instanceof LoginError)) throw thrown
    if (thrown.kind === 'foreign' || thrown.kind === 'elsewhere') throw badInput(field, thrown.message)
    throw new ControlError(kinds[thrown.kind], thrown.message, { cause: thrown })
  }
