import { type Config, type Path, targetName, type VirtualRouter } from '../../draft/config-value.ts'
import { providerOf } from '../../target-name.ts'

/** A place of the config that sends requests to a provider. */
export type ProviderUse =
  | { type: 'pool'; group: string; route: string; pool: number; target: string; last: boolean; path: Path }
  | { type: 'mapping'; group: string; model: string; target: string; path: Path }
  | { type: 'engine'; engine: string; target: string; path: Path }

/** Everything that would point nowhere without the provider, in the order of the file. */
export function usesOf(config: Config, provider: string): ProviderUse[] {
  const router = config.virtualrouter
  const isOf = (target: string) => providerOf(target) === provider
  const groups = [
    { id: 'default', base: ['virtualrouter'] as Path, part: router as Pick<VirtualRouter, 'routing' | 'modelMapping'> },
    ...Object.entries(router.routingGroups).map(([id, part]) => ({
      id,
      base: ['virtualrouter', 'routingGroups', id] as Path,
      part,
    })),
  ]
  const uses: ProviderUse[] = groups.flatMap(({ id: group, base, part }) => [
    ...Object.entries(part.modelMapping).flatMap(([model, target]): ProviderUse[] =>
      isOf(target) ? [{ type: 'mapping', group, model, target, path: [...base, 'modelMapping', model] }] : [],
    ),
    ...Object.entries(part.routing).flatMap(([route, pools]) =>
      pools.flatMap((each, pool) =>
        each.targets.flatMap((entry, index): ProviderUse[] => {
          const target = targetName(entry)
          if (!isOf(target)) return []
          const last = pools.every(({ targets }) => targets.every((other) => isOf(targetName(other))))
          const path = [...base, 'routing', route, pool, 'targets', index]
          return [{ type: 'pool', group, route, pool, target, last, path }]
        }),
      ),
    ),
  ])
  const engines = router.webSearch.engines.flatMap(({ id, providerKey }, index): ProviderUse[] =>
    providerKey !== undefined && isOf(providerKey)
      ? [{ type: 'engine', engine: id, target: providerKey, path: ['virtualrouter', 'webSearch', 'engines', index] }]
      : [],
  )
  return [...uses, ...engines]
}
