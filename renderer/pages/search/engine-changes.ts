import type { Config, Path, Step, Value } from '../../draft/config-value.ts'
import { freeName } from '../../draft/free-name.ts'

export type Engine = Config['virtualrouter']['webSearch']['engines'][number]
export type EngineSort = 'model' | NonNullable<Engine['service']>

export const enginesPath: Path = ['virtualrouter', 'webSearch', 'engines']

/** What one who adds an engine says of it: the model, or the address of a SearXNG; the rest is known. */
export function addEngine(engines: readonly Engine[], sort: EngineSort, place: string): { id: string; steps: Step[] } {
  const taken = engines.map(({ id }) => id)
  const id = freeName(sort === 'model' ? (place.split('.', 1)[0] ?? '') : sort, 'engine', taken)
  const value: Record<string, Value> = { id, ...whereTo(id, sort, place) }
  // a list that is not written yet is made as a whole
  const step =
    engines.length === 0 ? { path: enginesPath, value: [value] } : { path: [...enginesPath, taken.length], value }
  return { id, steps: [step] }
}

function whereTo(id: string, sort: EngineSort, place: string): Record<string, Value> {
  switch (sort) {
    case 'model':
      return { providerKey: place }
    case 'searxng':
      return { service: sort, baseUrl: place }
    default:
      return { service: sort, secret: `keychain:${id}` }
  }
}

/** One is the default at most. */
export function makeDefault(engines: readonly Engine[], chosen: number): Step[] {
  const others = engines.flatMap((engine, index): Step[] =>
    engine.default && index !== chosen ? [{ path: [...enginesPath, index, 'default'] }] : [],
  )
  return [...others, { path: [...enginesPath, chosen, 'default'], value: true }]
}
