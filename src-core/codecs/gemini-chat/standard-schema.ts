import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** Deeper than any tool needs; what lies below is left open. */
const depthLimit = 64

/** Gemini writes 64-bit integers as strings. */
const countKeywords = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'])

const numberFormats = new Set(['enum', 'int32', 'int64', 'float', 'double'])

/** Gemini's own schema dialect (upper-case types, nullable, string counts) as standard JSON Schema. */
export function toStandardSchema(schema: JsonObject): JsonObject {
  return standardNode(schema, 0)
}

function standardNode(node: Json | undefined, depth: number): JsonObject {
  if (!isObject(node) || depth > depthLimit) return {}
  const entries: [string, Json][] = []
  const nullable = node.nullable === true
  for (const [key, value] of Object.entries(node)) {
    if (value === undefined || value === null) continue
    switch (key) {
      case 'nullable':
      case 'propertyOrdering':
      case 'property_ordering':
        break
      case 'type': {
        const type = standardType(value)
        if (type !== undefined) entries.push(['type', nullable ? withNull(type) : type])
        break
      }
      case 'enum':
        entries.push(['enum', nullable && Array.isArray(value) && !value.includes(null) ? [...value, null] : value])
        break
      case 'format':
        if (typeof value !== 'string' || !numberFormats.has(value)) entries.push([key, value])
        break
      case 'example':
        entries.push(['examples', [value]])
        break
      case 'properties':
        if (isObject(value)) entries.push(['properties', standardProperties(value, node, depth)])
        break
      case 'items':
      case 'additionalProperties':
        entries.push([key, isObject(value) ? standardNode(value, depth + 1) : value])
        break
      case 'anyOf':
      case 'any_of':
        if (Array.isArray(value)) {
          const members: Json[] = value.map((member) => standardNode(member, depth + 1))
          entries.push(['anyOf', nullable && node.type === undefined ? [...members, { type: 'null' }] : members])
        }
        break
      default: {
        const name = camelKeyword(key)
        entries.push([name, countKeywords.has(name) ? numeric(value) : value])
      }
    }
  }
  return Object.fromEntries(entries)
}

function camelKeyword(key: string): string {
  return key.includes('_') ? key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : key
}

function standardType(type: Json): Json | undefined {
  if (Array.isArray(type)) return type.map((one) => (typeof one === 'string' ? one.toLowerCase() : one))
  if (typeof type !== 'string' || type === 'TYPE_UNSPECIFIED') return undefined
  return type.toLowerCase()
}

function withNull(type: Json): Json {
  const types = Array.isArray(type) ? type : [type]
  return types.includes('null') ? type : [...types, 'null']
}

function numeric(value: Json): Json {
  if (typeof value !== 'string' || value.trim() === '') return value
  const number = Number(value)
  return Number.isFinite(number) ? number : value
}

function standardProperties(properties: JsonObject, node: JsonObject, depth: number): JsonObject {
  const ordering = node.propertyOrdering ?? node.property_ordering
  const place = new Map(Array.isArray(ordering) ? ordering.map((name, index) => [name, index]) : [])
  const entries = Object.entries(properties).map(([name, value]): [string, Json] => [
    name,
    standardNode(value, depth + 1),
  ])
  if (place.size > 0) {
    const rank = ([name]: [string, Json]) => place.get(name) ?? place.size
    entries.sort((one, other) => rank(one) - rank(other))
  }
  return Object.fromEntries(entries)
}

/** Where a keyword holds one schema, a list of schemas, or a map of them. */
const nested = {
  schema: new Set([
    'items',
    'additionalProperties',
    'contains',
    'not',
    'if',
    'then',
    'else',
    'propertyNames',
    'unevaluatedItems',
    'unevaluatedProperties',
  ]),
  list: new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']),
  map: new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']),
}

/** Lower-cases type names where `type` is a keyword; the Gemini CLI writes `OBJECT` in standard schemas. */
export function lowerCaseTypes(schema: JsonObject): JsonObject {
  return lowerNode(schema, 0) as JsonObject
}

function lowerNode(node: Json | undefined, depth: number): Json | undefined {
  if (!isObject(node) || depth > depthLimit) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]): [string, Json | undefined] => {
      if (key === 'type' && value !== undefined) return [key, standardType(value)]
      if (nested.schema.has(key)) return [key, lowerNode(value, depth + 1)]
      if (nested.list.has(key) && Array.isArray(value))
        return [key, value.map((member) => lowerNode(member, depth + 1) ?? null)]
      if (nested.map.has(key) && isObject(value))
        return [
          key,
          Object.fromEntries(Object.entries(value).map(([name, member]) => [name, lowerNode(member, depth + 1)])),
        ]
      return [key, value]
    }),
  )
}
