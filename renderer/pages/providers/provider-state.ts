import type { AccountView, HealthView, ProviderView } from '../../../src-core/control/contract.ts'
import { isSignedIn } from '../../account-state.ts'

export type ProviderState =
  | { mark: 'off' | 'healthy' | 'unknown'; type: 'off' | 'healthy' | 'unknown' }
  | { mark: 'tripped'; type: 'noCredential' | 'refused'; because: string }
  | { mark: 'tripped' | 'cooling'; type: 'signedOut' | 'ending'; because: string | undefined }
  | { mark: 'cooling'; type: 'cooling' | 'partly'; because: string | undefined }

/** How a provider stands, worst news first. `told` is what is in force: one that only the draft has is unknown. */
export function providerState(
  id: string,
  enabled: boolean,
  told: ProviderView | undefined,
  health: HealthView | undefined,
  accounts: readonly AccountView[] = [],
): ProviderState {
  if (!enabled) return { mark: 'off', type: 'off' }
  if (!told || !health) return { mark: 'unknown', type: 'unknown' }
  // accounts say more of themselves than that they are missing
  const isAccount = (alias: string) => accounts.some(({ usedBy }) => usedBy.includes(`${id}[${alias}]`))
  const missing = told.noCredential.find(({ alias }) => !isAccount(alias))
  if (missing) return { mark: 'tripped', type: 'noCredential', because: missing.because }
  const login = loginState(id, accounts, health)
  if (login) return login
  const credentials = health.credentials.filter(({ credential }) => credential.startsWith(`${id}[`))
  const targets = health.targets.filter(({ target }) => target.startsWith(`${id}.`) || target.startsWith(`${id}[`))
  for (const all of [credentials, targets]) {
    const tripped = all.filter(({ state }) => state === 'tripped')
    if (all.length > 0 && tripped.length === all.length)
      return { mark: 'tripped', type: 'refused', because: tripped[0]!.failure?.message ?? '' }
  }
  const resting = [...credentials, ...targets].filter(({ state }) => state !== 'healthy')
  if (resting.length === 0) return { mark: 'healthy', type: 'healthy' }
  const all = targets.length > 0 && targets.every(({ state }) => state !== 'healthy')
  return { mark: 'cooling', type: all ? 'cooling' : 'partly', because: resting[0]!.failure?.message }
}

/** What its accounts say: out where no credential is left that serves, in between where one ends or has ended. */
function loginState(id: string, accounts: readonly AccountView[], health: HealthView): ProviderState | undefined {
  const used = accounts.filter(({ provider, usedBy }) => provider === id && usedBy.length > 0)
  const gone = used.filter((account) => !isSignedIn(account) || account.state === 'sign-in-again')
  const troubled = gone[0] ?? used.find(({ state }) => state === 'expiring')
  if (!troubled) return undefined
  const all = health.credentials.filter(({ credential }) => credential.startsWith(`${id}[`)).length
  const out = gone.flatMap(({ usedBy }) => usedBy).length >= all
  return { mark: out ? 'tripped' : 'cooling', type: out ? 'signedOut' : 'ending', because: troubled.error }
}
