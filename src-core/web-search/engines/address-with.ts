import type { JsonObject } from '../../model/json.ts'

/** An address with these parameters; lists are joined, what is undefined or null is left out. */
export function addressWith(address: string, parameters: JsonObject): URL {
  const url = new URL(address)
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null) continue
    url.searchParams.set(
      name,
      typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value),
    )
  }
  return url
}
