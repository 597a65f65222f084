import type { AccountView, ProviderView } from '../../../src-core/control/contract.ts'

/** The accounts of one provider; `told` is undefined where the config has it no more. */
export interface AccountGroup {
  provider: string
  told: ProviderView | undefined
  accounts: AccountView[]
}

/** Providers in the order of the config, those it has no more behind them. */
export function accountGroups(accounts: readonly AccountView[], providers: readonly ProviderView[]): AccountGroup[] {
  const named = providers.map(({ id }) => id)
  const gone = accounts.map(({ provider }) => provider).filter((id) => !named.includes(id))
  return [...named, ...new Set(gone)]
    .map((provider) => ({
      provider,
      told: providers.find(({ id }) => id === provider),
      accounts: accounts.filter((account) => account.provider === provider),
    }))
    .filter((group) => group.accounts.length > 0)
}

/** As the config takes them. */
const nameOfAccount = /^[A-Za-z0-9][A-Za-z0-9_-]*$/

/** What is wrong with the name of an account that is to be added. */
export function nameProblem(provider: string, name: string, accounts: readonly AccountView[]) {
  if (!nameOfAccount.test(name)) return 'odd'
  return accounts.some(({ id }) => id === `${provider}/${name}`) ? 'taken' : undefined
}
