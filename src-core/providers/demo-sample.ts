import { isObject, type Json, type JsonObject } from '../model/json.ts'

const deepest = 8
/** References and minItems multiply: a schema of a few bytes could ask for gigabytes. */
const mostValues = 2000

/** A value that fits a JSON Schema: required properties, first choices, `text` where words are wanted. */
export function sampleOf(schema: Json | undefined, text: string): Json {
  return sample(schema, { text, root: isObject(schema) ? schema : {}, left: mostValues }, 0, '')
}

interface Context {
  text: string
  root: JsonObject
  left: number
}

function sample(schema: Json | undefined, context: Context, depth: number, name: string): Json {
  if (!isObject(schema) || depth > deepest || context.left-- <= 0) return null
  const { const: fixed, enum: choices, default: preset, $ref: reference } = schema
  if (fixed !== undefined) return fixed
  if (Array.isArray(choices) && choices.length > 0) return choices[0]!
  if (preset !== undefined) return preset
  if (typeof reference === 'string') return sample(resolve(context.root, reference), context, depth + 1, name)
  for (const key of ['anyOf', 'oneOf'] as const) {
    const options = schema[key]
    if (Array.isArray(options) && options.length > 0) return sample(options[0], context, depth + 1, name)
  }
  if (Array.isArray(schema.allOf)) return sample(merged(schema), context, depth + 1, name)
  switch (typeOf(schema)) {
    case 'object':
      return sampleObject(schema, context, depth)
    case 'array': {
      const least = typeof schema.minItems === 'number' ? Math.min(schema.minItems, 10) : 1
      return Array.from({ length: least }, () => sample(schema.items, context, depth + 1, name))
    }
    case 'integer':
    case 'number':
      return sampleNumber(schema)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return sampleText(schema, context.text, name)
  }
}

function sampleObject(schema: JsonObject, context: Context, depth: number): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name): name is string => typeof name === 'string')
    : Object.keys(properties)
  const entries = required.map((name): [string, Json] => {
    const property = Object.hasOwn(properties, name) ? properties[name] : { type: 'string' }
    return [name, sample(property, context, depth + 1, name)]
  })
  // fromEntries sets own properties, whatever their names.
  return Object.fromEntries(entries)
}

function sampleNumber({ minimum, maximum, exclusiveMinimum }: JsonObject): number {
  if (typeof minimum === 'number') return minimum
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1
  return typeof maximum === 'number' ? Math.min(1, maximum) : 1
}

function sampleText(schema: JsonObject, text: string, name: string): string {
  const formats: Record<string, string> = {
    date: '2026-01-01',
    'date-time': '2026-01-01T00:00:00Z',
    time: '00:00:00Z',
    email: 'demo@example.com',
    uri: 'https://example.com/',
    uuid: '00000000-0000-4000-8000-000000000000',
  }
  const format =
    typeof schema.format === 'string' && Object.hasOwn(formats, schema.format) ? formats[schema.format] : undefined
  if (format) return format
  const value = byName(name) ?? (text === '' ? 'demo' : text)
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : value.length
  const least = typeof schema.minLength === 'number' ? schema.minLength : 0
  return value.slice(0, most).padEnd(Math.min(least, 1000), '.')
}

/** What a parameter of this name usually takes. */
function byName(name: string): string | undefined {
  if (/path|file|dir/i.test(name)) return name.match(/dir/i) ? '.' : 'README.md'
  if (/city|location|place/i.test(name)) return 'Berlin'
  if (/url|link/i.test(name)) return 'https://example.com/'
  if (/command|cmd/i.test(name)) return 'echo demo'
  return undefined
}

function typeOf({ type, properties, items }: JsonObject): string {
  const first = Array.isArray(type) ? type.find((each) => each !== 'null') : type
  if (typeof first === 'string') return first.toLowerCase()
  return properties ? 'object' : items ? 'array' : 'string'
}

function merged({ allOf, ...rest }: JsonObject): JsonObject {
  const all = [rest, ...(Array.isArray(allOf) ? allOf.filter(isObject) : [])]
  const required = all.flatMap((part) => (Array.isArray(part.required) ? part.required : []))
  const properties = Object.assign({}, ...all.map((part) => (isObject(part.properties) ? part.properties : {})))
  return { ...Object.assign({}, ...all), properties, required }
}

/** `#/$defs/NAME` and the like; anything else is left open. */
function resolve(root: JsonObject, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined
  let at: Json | undefined = root
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }
  return at
}
