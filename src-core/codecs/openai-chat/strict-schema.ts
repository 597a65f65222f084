import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** What OpenAI's strict mode surely understands; one word more and a request may be refused for it. */
const understood = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
  'description',
  'title',
  '$ref',
  '$defs',
])

/** Closed all through: every object lists all its properties as required and takes no others. */
export function isStrictSchema(schema: JsonObject): boolean {
  return schema.type === 'object' && everySchema(schema, (node) => isClosed(node) && isPlain(node))
}

function isClosed(node: JsonObject): boolean {
  if (node.type !== 'object' && !isObject(node.properties)) return true
  if (node.additionalProperties !== false) return false
  const required = new Set(Array.isArray(node.required) ? node.required : [])
  return Object.keys(isObject(node.properties) ? node.properties : {}).every((name) => required.has(name))
}

const isPlain = (node: JsonObject): boolean => Object.keys(node).every((key) => understood.has(key))

/** The same schema with its objects closed to unnamed properties where it does not say otherwise. */
export function closeSchema(schema: JsonObject): JsonObject {
  const closed = mapSchemas(schema, closeSchema)
  const isRecord = closed.type === 'object' && isObject(closed.properties)
  return isRecord && closed.additionalProperties === undefined ? { ...closed, additionalProperties: false } : closed
}

/** Closed, whatever other words it uses: strict may be passed on when the client asked for it. */
export function isClosedSchema(schema: JsonObject): boolean {
  return everySchema(schema, isClosed)
}

function everySchema(schema: JsonObject, holds: (node: JsonObject) => boolean): boolean {
  return holds(schema) && subschemas(schema).every((node) => everySchema(node, holds))
}

const inMaps = ['properties', '$defs', 'definitions']
const inLists = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const inPlace = ['items', 'not']

/** Schemas inside a schema. Names under `properties` are no keywords. */
function subschemas(schema: JsonObject): JsonObject[] {
  const found: (Json | undefined)[] = inPlace.map((key) => schema[key])
  for (const key of inLists) {
    const list = schema[key]
    if (Array.isArray(list)) for (const item of list) found.push(item)
  }
  for (const key of inMaps) {
    const members = schema[key]
    if (isObject(members)) for (const item of Object.values(members)) found.push(item)
  }
  return found.filter(isObject)
}

function mapSchemas(schema: JsonObject, map: (node: JsonObject) => JsonObject): JsonObject {
  const mapAny = (value: Json | undefined) => (isObject(value) ? map(value) : value)
  const result: JsonObject = { ...schema }
  for (const key of inPlace) if (isObject(result[key])) result[key] = mapAny(result[key])
  for (const key of inLists) {
    const list = result[key]
    if (Array.isArray(list)) result[key] = list.map((item) => mapAny(item) ?? null)
  }
  for (const key of inMaps) {
    const members = result[key]
    if (isObject(members)) {
      result[key] = Object.fromEntries(Object.entries(members).map(([name, item]) => [name, mapAny(item)]))
    }
  }
  return result
}
