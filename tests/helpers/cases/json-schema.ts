import { sameJson } from './partial.ts'

type Schema = Record<string, unknown>

/** Keywords whose value is a map of names to schemas: the names are no keywords. */
const named = ['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas']
/** Keywords whose value is a schema, or a list of schemas. */
const nested = [
  'items',
  'prefixItems',
  'additionalProperties',
  'propertyNames',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'anyOf',
  'oneOf',
  'allOf',
]

/** A schema and every schema inside it; data under `enum`, `const`, `default` or `example` is not looked into. */
export function* schemasIn(schema: unknown): Generator<Schema> {
  if (Array.isArray(schema)) {
    for (const item of schema) yield* schemasIn(item)
    return
  }
  if (!isSchema(schema)) return
  yield schema
  for (const keyword of named) {
    const inner = schema[keyword]
    if (isSchema(inner)) for (const each of Object.values(inner)) yield* schemasIn(each)
  }
  for (const keyword of nested) yield* schemasIn(schema[keyword])
}

/** Whether a schema takes a value, as far as tool schemas go; Gemini's spelling (upper case, `nullable`) is understood. */
export function accepts(schema: unknown, value: unknown, root: unknown = schema): boolean {
  if (schema === true || schema === undefined) return true
  if (!isSchema(schema)) return false
  if (typeof schema.$ref === 'string') return accepts(resolve(root, schema.$ref), value, root)
  if (value === null && schema.nullable === true) return true
  if (!takesType(schema.type, value)) return false
  if (Array.isArray(schema.enum) && !schema.enum.some((item) => sameJson(item, value))) return false
  if ('const' in schema && !sameJson(schema.const, value)) return false
  if (!takesNumber(schema, value) || !takesText(schema, value)) return false
  if (!takesList(schema, value, root) || !takesObject(schema, value, root)) return false
  const each = (keyword: string): Schema[] => (Array.isArray(schema[keyword]) ? (schema[keyword] as Schema[]) : [])
  if (each('anyOf').length > 0 && !each('anyOf').some((one) => accepts(one, value, root))) return false
  if (each('oneOf').length > 0 && each('oneOf').filter((one) => accepts(one, value, root)).length !== 1) return false
  if ('not' in schema && accepts(schema.not, value, root)) return false
  return each('allOf').every((one) => accepts(one, value, root))
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function resolve(root: unknown, reference: string): unknown {
  let at: unknown = root
  for (const name of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    at = isSchema(at) ? at[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  return at
}

function takesType(type: unknown, value: unknown): boolean {
  if (type === undefined) return true
  const types = (Array.isArray(type) ? type : [type]).map((name) => String(name).toLowerCase())
  return types.some((name) => {
    if (name === 'integer') return Number.isInteger(value)
    if (name === 'array') return Array.isArray(value)
    if (name === 'null') return value === null
    if (name === 'object') return isSchema(value)
    return typeof value === name
  })
}

function takesNumber(schema: Schema, value: unknown): boolean {
  if (typeof value !== 'number') return true
  const limit = (keyword: string): number | undefined =>
    schema[keyword] === undefined || typeof schema[keyword] === 'boolean' ? undefined : Number(schema[keyword])
  return (
    value >= (limit('minimum') ?? -Infinity) &&
    value <= (limit('maximum') ?? Infinity) &&
    value > (limit('exclusiveMinimum') ?? -Infinity) &&
    value < (limit('exclusiveMaximum') ?? Infinity)
  )
}

function takesText(schema: Schema, value: unknown): boolean {
  if (typeof value !== 'string') return true
  if (schema.minLength !== undefined && value.length < Number(schema.minLength)) return false
  if (schema.maxLength !== undefined && value.length > Number(schema.maxLength)) return false
  return typeof schema.pattern !== 'string' || new RegExp(schema.pattern, 'u').test(value)
}

function takesList(schema: Schema, value: unknown, root: unknown): boolean {
  if (!Array.isArray(value)) return true
  if (schema.minItems !== undefined && value.length < Number(schema.minItems)) return false
  if (schema.maxItems !== undefined && value.length > Number(schema.maxItems)) return false
  return value.every((item) => accepts(schema.items, item, root))
}

function takesObject(schema: Schema, value: unknown, root: unknown): boolean {
  if (!isSchema(value)) return true
  const properties = isSchema(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  if (!required.every((name) => Object.hasOwn(value, String(name)))) return false
  return Object.entries(value).every(([name, inner]) =>
    Object.hasOwn(properties, name)
      ? accepts(properties[name], inner, root)
      : accepts(schema.additionalProperties, inner, root),
  )
}
