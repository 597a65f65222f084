import { type Config, groupOf, groupPath, type Step, targetName } from '../../draft/config-value.ts'
import { providerOf } from '../../target-name.ts'
import { addProvider, type Profile } from '../providers/provider-changes.ts'
import { modelOf } from '../routing/model-of.ts'

/** The provider of this service at this address, with every model let through until one is chosen. */
export function firstBackend(id: string, profile: Profile, address: string): Step[] {
  const place = ['virtualrouter', 'providers', id]
  return [
    ...addProvider(id, profile),
    { path: [...place, 'baseUrl'], value: address },
    { path: [...place, 'models'], value: { '*': {} } },
  ]
}

/** Puts one model into a pool of its own before all others of the default route. */
export function firstTarget(config: Config, provider: string, target: string): Step[] {
  const router = config.virtualrouter
  const model = modelOf(target, provider)
  const place = [...groupPath(router, router.activeGroup), 'routing', 'default']
  const pools = groupOf(router, router.activeGroup).routing.default ?? []
  const isListed = Object.hasOwn(router.providers[provider]?.models ?? {}, model)
  const end = [...place, pools.length]
  return [
    ...(isListed ? [] : [{ path: ['virtualrouter', 'providers', provider, 'models', model], value: {} }]),
    { path: end, value: { targets: [target] } },
    ...(pools.length === 0 ? [] : [{ path: end, to: 0 }]),
  ]
}

/** The target that answers first by default. */
export function firstOfDefault(config: Config): string | undefined {
  const router = config.virtualrouter
  const targets = groupOf(router, router.activeGroup).routing.default?.flatMap((pool) => pool.targets) ?? []
  return targets[0] === undefined ? undefined : targetName(targets[0])
}

/** The provider that answers by default unless it is the demo, else the one added last. */
export function realProvider(config: Config): string | undefined {
  const { providers } = config.virtualrouter
  const isReal = (id: string) => providers[id]?.enabled === true && providers[id].profile !== 'demo'
  const first = providerOf(firstOfDefault(config) ?? '')
  return isReal(first) ? first : Object.keys(providers).findLast(isReal)
}
