/** Objects that hold the user's own names: nothing inside them is spelled by the protocol. */
const foreign = new Set([
  'args',
  'response',
  'properties',
  'parametersJsonSchema',
  'responseJsonSchema',
  'labels',
  'parameters_json_schema',
  'response_json_schema',
])

/** A Gemini body in camelCase, whichever spelling was sent. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camel(key), foreign.has(key) ? inner : camelCased(inner)]),
  )
}

function camel(key: string): string {
  return key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())
}
