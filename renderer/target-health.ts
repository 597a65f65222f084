import type { HealthOf, HealthView, ProviderView } from '../src-core/control/contract.ts'
import type { MarkState } from './components/state-mark.tsx'
import { matchesTarget, providerOf } from './target-name.ts'

/** How a target of the config is, its provider's switch and credentials included. */
export type TargetHealth = { state: MarkState } & Partial<Omit<HealthOf, 'state'>>

const severity: Record<HealthOf['state'], number> = { healthy: 0, cooling: 1, tripped: 2 }

export function healthOfTarget(
  pattern: string,
  providers: readonly Pick<ProviderView, 'id' | 'enabled'>[],
  health: HealthView | undefined,
): TargetHealth {
  const provider = providerOf(pattern)
  if (providers.find(({ id }) => id === provider)?.enabled === false) return { state: 'off' }
  if (!health) return { state: 'unknown' }
  const targets = health.targets.filter(({ target }) => matchesTarget(pattern, target))
  const credentials = health.credentials.filter(({ credential }) => credential.startsWith(`${provider}[`))
  // with one good credential, or one good model behind `provider.*`, requests still go there
  const [worst] = [best(targets), best(credentials)]
    .filter((entry) => entry !== undefined)
    .sort((one, other) => severity[other.state] - severity[one.state])
  return worst ?? { state: 'unknown' }
}

function best<Entry extends HealthOf>(entries: Entry[]): Entry | undefined {
  return entries.toSorted((one, other) => severity[one.state] - severity[other.state])[0]
}
