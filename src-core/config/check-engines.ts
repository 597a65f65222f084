import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { checkTarget, type Providers } from './check-target.ts'
import type { Path, Report } from './problem.ts'
import { isEngineTarget, searchRoute } from './search-route.ts'

/**
 * Search engines: each named once, one of them the default at most, each at one concrete target, which stands in the
 * route `web_search` where there is one.
 */
export function checkEngines(router: JsonObject, providers: Providers, report: Report): void {
  const engines = isObject(router.webSearch) ? router.webSearch.engines : undefined
  const listed = targetsOfSearchRoute(router)
  const ids = new Set<string>()
  let hasDefault = false
  for (const [index, engine] of (Array.isArray(engines) ? engines : []).entries()) {
    if (!isObject(engine)) continue
    const path = ['virtualrouter', 'webSearch', 'engines', index]
    if (typeof engine.id === 'string') {
      if (ids.has(engine.id)) report([...path, 'id'], `a second engine named ${engine.id}`, 'Rename one of them.')
      ids.add(engine.id)
    }
    if (engine.default === true) {
      if (hasDefault) report([...path, 'default'], 'a second default engine', 'Only one engine is the default.')
      hasDefault = true
    }
    if (typeof engine.providerKey === 'string') {
      checkKey(engine.providerKey, [...path, 'providerKey'], { listed, providers, report })
    }
  }
}

interface Against {
  listed: readonly string[] | undefined
  providers: Providers
  report: Report
}

function checkKey(key: string, path: Path, { listed, providers, report }: Against): void {
  if (key.endsWith('.*')) {
    report(path, 'needs a model of its own', 'An engine searches with one model: provider.model.')
    return
  }
  checkTarget(key, path, providers, report)
  if (listed && !listed.some((target) => isEngineTarget(target, key))) {
    const hint = `Add it to the targets of the route ${searchRoute}, or leave that route out.`
    report(path, `${key} is not in the route ${searchRoute}`, hint)
  }
}

/** Of every group together; undefined where none has the route. */
function targetsOfSearchRoute(router: JsonObject): string[] | undefined {
  const groups = isObject(router.routingGroups) ? Object.values(router.routingGroups) : []
  const routes = [router, ...groups].flatMap((part) => {
    const routing = isObject(part) ? part.routing : undefined
    return isObject(routing) && Array.isArray(routing[searchRoute]) ? [routing[searchRoute]] : []
  })
  return routes.length === 0 ? undefined : routes.flat().flatMap(poolTargets)
}

function poolTargets(pool: Json): string[] {
  const entries = isObject(pool) && Array.isArray(pool.targets) ? pool.targets : []
  return entries.flatMap((entry) => {
    const name = isObject(entry) ? entry.target : entry
    return typeof name === 'string' ? [name] : []
  })
}
