import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** Bounds for schemas that refer to themselves or were written to hurt. */
const depthLimit = 32
const nodeLimit = 5000

const plainKeywords = new Set(['title', 'description', 'pattern'])
const numberKeywords = new Set([
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
])
const formats: Record<string, ReadonlySet<string>> = {
  STRING: new Set(['date-time', 'enum']),
  INTEGER: new Set(['int32', 'int64']),
  NUMBER: new Set(['float', 'double']),
}

interface Walk {
  root: JsonObject
  /** References being followed right now: one of them again is a cycle. */
  open: Set<string>
  nodes: number
}

/** JSON Schema cut down to the subset Gemini's `parameters` and `responseSchema` take. */
export function toGeminiSchema(schema: JsonObject): JsonObject {
  const root = repairRoot(schema)
  return geminiNode(root, { root, open: new Set(), nodes: 0 }, 0)
}

/** Some tools send a bare map of properties instead of a schema. */
function repairRoot(schema: JsonObject): JsonObject {
  const values = Object.values(schema)
  const isMap =
    values.length > 0 &&
    values.every(isObject) &&
    !['properties', 'items', '$defs', 'definitions'].some(
      (key) => Object.hasOwn(schema, key) && looksLikeMap(schema, key),
    )
  return isMap ? { type: 'object', properties: schema } : schema
}

function looksLikeMap(schema: JsonObject, key: string): boolean {
  const value = schema[key]
  return isObject(value) && (key === 'items' || Object.values(value).every(isObject))
}

function geminiNode(given: Json | undefined, walk: Walk, depth: number): JsonObject {
  if (!isObject(given)) return { type: 'STRING' }
  walk.nodes++
  if (depth > depthLimit || walk.nodes > nodeLimit) return { type: 'OBJECT' }
  const reference = given.$ref
  if (typeof reference === 'string') return referenced(given, reference, walk, depth)
  return writeNode(mergeAllOf(given, walk, 0), walk, depth)
}

function referenced(given: JsonObject, reference: string, walk: Walk, depth: number): JsonObject {
  const words = pick(given, ['description', 'default'])
  const found = walk.open.has(reference) ? undefined : resolve(walk.root, reference)
  if (!found) return { type: 'OBJECT', ...words }
  walk.open.add(reference)
  const node = geminiNode({ ...found, ...words }, walk, depth + 1)
  walk.open.delete(reference)
  return node
}

function resolve(root: JsonObject, reference: string): JsonObject | undefined {
  if (!reference.startsWith('#')) return undefined
  let node: Json | undefined = root
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(node)) node = node[Number(key)]
    else node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined
  }
  return isObject(node) ? node : undefined
}

function pick(node: JsonObject, keys: string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(node, key)).map((key) => [key, node[key]]))
}

/** `allOf` joined into its node: properties and required together, of the rest the first wins. */
function mergeAllOf(node: JsonObject, walk: Walk, depth: number): JsonObject {
  if (!Array.isArray(node.allOf) || depth > depthLimit) return node
  const { allOf, ...own } = node
  let merged: JsonObject = own
  for (const given of allOf) {
    if (!isObject(given)) continue
    walk.nodes++
    if (walk.nodes > nodeLimit) break
    const target = typeof given.$ref === 'string' ? (resolve(walk.root, given.$ref) ?? {}) : given
    const member = mergeAllOf(target, walk, depth + 1)
    const required = [...listOf(merged.required), ...listOf(member.required)]
    merged = {
      ...member,
      ...merged,
      ...(isObject(merged.properties) || isObject(member.properties)
        ? { properties: { ...objectOf(member.properties), ...objectOf(merged.properties) } }
        : {}),
      ...(required.length > 0 ? { required } : {}),
    }
  }
  return merged
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function writeNode(node: JsonObject, walk: Walk, depth: number): JsonObject {
  const alternatives = alternativesOf(node)
  const nullable = node.nullable === true || isNullable(node)
  const types = typesOf(node)
  const hasShape = isObject(node.properties) || node.items !== undefined
  if (alternatives.length === 1 && !hasShape) {
    const only = alternatives[0]!
    const inner = geminiNode(
      isObject(only) ? { ...only, ...pick(node, ['description', 'title', 'default']) } : only,
      walk,
      depth + 1,
    )
    return nullable ? { ...inner, nullable: true } : inner
  }
  if (alternatives.length > 1 && !hasShape)
    return finish({ anyOf: alternatives.map((one) => geminiNode(one, walk, depth + 1)) }, node, nullable)
  if (types.length > 1) {
    const { description, title, default: _default, nullable: _nullable, anyOf, oneOf, ...rest } = node
    return finish({ anyOf: types.map((type) => geminiNode({ ...rest, type }, walk, depth + 1)) }, node, nullable)
  }
  return typedNode(node, types[0] ?? inferredType(node), nullable, walk, depth)
}

/** The members of anyOf or oneOf that are not null. */
function alternativesOf(node: JsonObject): Json[] {
  return [...listOf(node.anyOf), ...listOf(node.oneOf)].filter((one) => !isNullType(one))
}

function isNullType(node: Json): boolean {
  return isObject(node) && typeof node.type === 'string' && node.type.toLowerCase() === 'null'
}

function isNullable(node: JsonObject): boolean {
  return (
    listOf(node.type).some((type) => typeof type === 'string' && type.toLowerCase() === 'null') ||
    [...listOf(node.anyOf), ...listOf(node.oneOf)].some(isNullType) ||
    listOf(node.enum).includes(null)
  )
}

function typesOf(node: JsonObject): string[] {
  const given = Array.isArray(node.type) ? node.type : [node.type]
  const names = given.filter((type) => typeof type === 'string').map((type) => type.toLowerCase())
  const known = names.filter((type) => ['string', 'number', 'integer', 'boolean', 'array', 'object'].includes(type))
  return [...new Set(known)]
}

function inferredType(node: JsonObject): string {
  if (isObject(node.properties) || node.additionalProperties !== undefined) return 'object'
  if (node.items !== undefined || node.prefixItems !== undefined) return 'array'
  const sample = node.const ?? listOf(node.enum).find((value) => value !== null)
  if (typeof sample === 'number') return Number.isInteger(sample) ? 'integer' : 'number'
  if (typeof sample === 'boolean') return 'boolean'
  if (node.minimum !== undefined || node.maximum !== undefined) return 'number'
  return 'string'
}

function typedNode(node: JsonObject, type: string, nullable: boolean, walk: Walk, depth: number): JsonObject {
  const result: JsonObject = { type: type.toUpperCase() }
  if (type === 'object') writeObject(result, node, walk, depth)
  if (type === 'array') result.items = geminiNode(itemsOf(node), walk, depth + 1)
  const format = node.format
  if (typeof format === 'string' && formats[type.toUpperCase()]?.has(format)) result.format = format
  const isNumber = type === 'integer' || type === 'number'
  if (isNumber) writeBounds(result, node, type)
  const words = writeValues(result, node, type)
  return finish(result, words === '' ? node : { ...node, description: joined(node.description, words) }, nullable)
}

function itemsOf(node: JsonObject): Json | undefined {
  const tuple = Array.isArray(node.items) ? node.items : Array.isArray(node.prefixItems) ? node.prefixItems : undefined
  if (tuple) return tuple.length > 1 ? { anyOf: tuple } : tuple[0]
  return node.items
}

function writeObject(result: JsonObject, node: JsonObject, walk: Walk, depth: number): void {
  const given = Object.entries(objectOf(node.properties)).filter(([, value]) => value !== false)
  if (given.length === 0) return
  result.properties = Object.fromEntries(given.map(([name, value]) => [name, geminiNode(value, walk, depth + 1)]))
  const known = new Set(given.map(([name]) => name))
  const required = new Set(listOf(node.required).filter((name) => typeof name === 'string' && known.has(name)))
  for (const [name, value] of given) if (isObject(value) && value.required === true) required.add(name)
  if (required.size > 0) result.required = [...required]
}

/** Open bounds become closed ones: exactly for integers, nearly for other numbers. */
function writeBounds(result: JsonObject, node: JsonObject, type: string): void {
  const step = type === 'integer' ? 1 : 0
  const above = node.exclusiveMinimum
  const below = node.exclusiveMaximum
  if (typeof above === 'number' && typeof node.minimum !== 'number') result.minimum = above + step
  if (typeof below === 'number' && typeof node.maximum !== 'number') result.maximum = below - step
}

/** Gemini's enum holds strings only; other values go into words. */
function writeValues(result: JsonObject, node: JsonObject, type: string): string {
  const values = (node.const !== undefined ? [node.const] : listOf(node.enum)).filter((value) => value !== null)
  if (values.length === 0) return ''
  const texts = [...new Set(values.filter((value) => typeof value === 'string' && value !== ''))]
  if (type === 'string') {
    if (texts.length > 0) result.enum = texts
    return ''
  }
  return `Allowed values: ${values
    .map((value) => JSON.stringify(value))
    .join(', ')
    .slice(0, 1000)}.`
}

function joined(description: Json | undefined, words: string): string {
  return typeof description === 'string' && description !== '' ? `${description} ${words}` : words
}

function finish(result: JsonObject, node: JsonObject, nullable: boolean): JsonObject {
  for (const [key, value] of Object.entries(node)) {
    if (plainKeywords.has(key) && typeof value === 'string') result[key] = value
    else if (numberKeywords.has(key) && result.anyOf === undefined) {
      const number = typeof value === 'string' ? Number(value) : value
      if (typeof number === 'number' && Number.isFinite(number)) result[key] = number
    } else if (key === 'default' && value !== null && value !== undefined) result.default = value
  }
  if (nullable) result.nullable = true
  return result
}
