import type { JsonObject } from '../model/json.ts'

/** The way from a mapped name through other mapped names back to itself; undefined when it leads out. */
export function mappingCycle(mapping: JsonObject, start: string): string[] | undefined {
  const way = [start]
  for (;;) {
    const to = Object.hasOwn(mapping, way.at(-1)!) ? mapping[way.at(-1)!] : undefined
    // A name that keeps its own name is no way at all.
    if (typeof to !== 'string' || to === way.at(-1)) return undefined
    if (to === start) return [...way, to]
    if (way.includes(to)) return undefined
    way.push(to)
  }
}
