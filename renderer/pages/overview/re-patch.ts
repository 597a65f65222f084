import type { Path, Pool, Step, VirtualRouter } from '../../draft/config-value.ts'
import { groupPath, targetName } from '../../draft/config-value.ts'

/**
 * Makes a target the first of a route. It moves if the route has it already, and whatever was first follows it: a cable
 * that is plugged elsewhere leaves its old end as the spare. A pool that is left without a target goes.
 */
export function putFirst(pools: readonly Pool[], at: Path, target: string): Step[] {
  if (pools.length === 0) return [{ path: [...at, 0], value: { targets: [target] } }]
  const first = Math.max(
    0,
    pools.findIndex(({ targets }) => targets.length > 0),
  )
  const list = [...at, first, 'targets']
  const inFirst = pools[first]!.targets.findIndex((entry) => targetName(entry) === target)
  const elsewhere = pools.flatMap(({ targets }, pool) =>
    pool === first
      ? []
      : targets.flatMap((entry, index) => (targetName(entry) === target ? [{ pool, index, entry }] : [])),
  )
  const end = [...list, pools[first]!.targets.length]
  const moves: Step[] =
    inFirst >= 0
      ? [{ path: [...list, inFirst], to: 0 }]
      : [
          { path: end, value: elsewhere[0]?.entry ?? target },
          { path: end, to: 0 },
        ]
  // from behind, so that the places of what is still to go stay true
  const leaves = elsewhere
    .reverse()
    .map(
      ({ pool, index }): Step =>
        pools[pool]!.targets.length === 1 ? { path: [...at, pool] } : { path: [...at, pool, 'targets', index] },
    )
  return [...moves, ...leaves]
}

/** Where a route of a group stands in the file. */
export const placeOfRoute = (router: VirtualRouter, group: string, route: string): Path => [
  ...groupPath(router, group),
  'routing',
  route,
]
