import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { checkTarget, type Providers } from './check-target.ts'
import { mappingCycle } from './mapping-cycle.ts'
import { suggestion } from './nearest.ts'
import type { Path, Report } from './problem.ts'

/** The routing at the top, every group beside it, and which of them is in force. */
export function checkGroups(router: JsonObject, providers: Providers, report: Report): void {
  const base = ['virtualrouter']
  const groups = isObject(router.routingGroups) ? router.routingGroups : {}
  const top = isObject(router.routing) ? router.routing : {}
  const named = Object.entries(groups)
  const topCounts = Object.keys(top).length > 0 || named.length === 0

  const everyRoute = new Set(Object.keys(top))
  for (const [, group] of named) for (const route of Object.keys(routingOf(group))) everyRoute.add(route)
  const topMapping = { mapping: router.modelMapping, path: [...base, 'modelMapping'] }
  checkMapping(topMapping.mapping, topMapping.path, everyRoute, providers, report)
  checkRouting(top, [...base, 'routing'], providers, report)
  if (topCounts && !isCatchAll(router.modelMapping)) checkDefault(top, [...base, 'routing'], report)

  for (const [id, group] of named) {
    if (!isObject(group)) continue
    const path = [...base, 'routingGroups', id]
    const routing = routingOf(group)
    checkMapping(group.modelMapping, [...path, 'modelMapping'], new Set(Object.keys(routing)), providers, report)
    checkRouting(routing, [...path, 'routing'], providers, report)
    if (!isCatchAll(group.modelMapping) && !isCatchAll(router.modelMapping)) {
      checkDefault(routing, [...path, 'routing'], report)
    }
    if (id === 'default' && Object.keys(top).length > 0) {
      report(
        path,
        'a second group named default',
        'The routing at the top is the group default; give this one another name.',
      )
    }
  }
  const active = router.activeGroup
  const known = [...(topCounts ? ['default'] : []), ...Object.keys(groups)]
  if (typeof active === 'string' && !known.includes(active)) {
    report([...base, 'activeGroup'], `unknown routing group ${active}`, suggestion(active, known, ''))
  }
}

function routingOf(group: Json | undefined): JsonObject {
  return isObject(group) && isObject(group.routing) ? group.routing : {}
}

/** Every model a client can name is mapped, so nothing is left for a default route. */
function isCatchAll(mapping: Json | undefined): boolean {
  return isObject(mapping) && Object.hasOwn(mapping, '*') && !String(mapping['*']).startsWith('route:')
}

function checkDefault(routing: JsonObject, path: Path, report: Report): void {
  const pools = Array.isArray(routing.default) ? routing.default : []
  if (pools.some((pool) => isObject(pool) && (!Array.isArray(pool.targets) || pool.targets.length > 0))) return
  report([...path, 'default'], 'has no target', 'Write default: [{ targets: [provider.model] }].')
}

function checkRouting(routing: JsonObject, path: Path, providers: Providers, report: Report): void {
  for (const [route, pools] of Object.entries(routing)) {
    if (!Array.isArray(pools)) continue
    const ids = new Set<string>()
    for (const [index, pool] of pools.entries()) {
      if (!isObject(pool)) continue
      const at = [...path, route, index]
      if (typeof pool.id === 'string') {
        if (ids.has(pool.id))
          report([...at, 'id'], `a second pool named ${pool.id} in this route`, 'Rename one of them.')
        ids.add(pool.id)
      }
      const targets = Array.isArray(pool.targets) ? pool.targets : []
      for (const [place, entry] of targets.entries()) {
        const here = [...at, 'targets', place]
        if (typeof entry === 'string') checkTarget(entry, here, providers, report)
        else if (isObject(entry) && typeof entry.target === 'string') {
          checkTarget(entry.target, [...here, 'target'], providers, report)
        }
      }
    }
  }
}

function checkMapping(
  mapping: Json | undefined,
  path: Path,
  routes: ReadonlySet<string>,
  providers: Providers,
  report: Report,
): void {
  if (!isObject(mapping)) return
  for (const [model, to] of Object.entries(mapping)) {
    if (typeof to !== 'string') continue
    const cycle = mappingCycle(mapping, model)
    if (cycle) {
      report([...path, model], `leads back to itself: ${cycle.join(' -> ')}`, 'Map each of them to where it shall end.')
      continue
    }
    if (!to.startsWith('route:')) {
      checkTarget(to, [...path, model], providers, report)
      continue
    }
    const route = to.slice('route:'.length)
    if (!routes.has(route)) {
      report([...path, model], `unknown route ${route}`, suggestion(route, routes, 'Add it under routing.'))
    }
  }
}
