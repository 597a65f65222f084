import { isObject, type Json } from '../model/json.ts'
import { checkTarget, type Providers } from './check-target.ts'
import type { Report } from './problem.ts'

/** Search engines: each named once, one of them the default at most, each at one concrete target. */
export function checkEngines(engines: Json | undefined, providers: Providers, report: Report): void {
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
    if (typeof engine.providerKey !== 'string') continue
    if (engine.providerKey.endsWith('.*')) {
      report([...path, 'providerKey'], 'needs a model of its own', 'An engine searches with one model: provider.model.')
    } else checkTarget(engine.providerKey, [...path, 'providerKey'], providers, report)
  }
}
