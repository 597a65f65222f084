import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toGeminiSchema } from '../../../../src-core/codecs/gemini-chat/gemini-schema.ts'
import { lowerCaseTypes, toStandardSchema } from '../../../../src-core/codecs/gemini-chat/standard-schema.ts'
import type { Json, JsonObject } from '../../../../src-core/model/json.ts'
import { isObject } from '../../../../src-core/model/json.ts'

describe("Gemini's dialect to standard JSON Schema", () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'types',
      { type: 'OBJECT', properties: { a: { type: 'ARRAY', items: { type: 'INTEGER' } } } },
      { type: 'object', properties: { a: { type: 'array', items: { type: 'integer' } } } },
    ],
    [
      'a property named type',
      { type: 'OBJECT', properties: { type: { type: 'STRING' } } },
      { type: 'object', properties: { type: { type: 'string' } } },
    ],
    ['nullable', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
    [
      'a nullable enum',
      { type: 'STRING', format: 'enum', enum: ['A'], nullable: true },
      { type: ['string', 'null'], enum: ['A', null] },
    ],
    [
      'counts written as strings',
      { type: 'STRING', minLength: '1', max_length: '9' },
      { type: 'string', minLength: 1, maxLength: 9 },
    ],
    ['number formats', { type: 'INTEGER', format: 'int64' }, { type: 'integer' }],
    ['a date format stays', { type: 'STRING', format: 'date-time' }, { type: 'string', format: 'date-time' }],
    ['example', { type: 'STRING', example: 'x' }, { type: 'string', examples: ['x'] }],
    [
      'nullable anyOf',
      { anyOf: [{ type: 'STRING' }], nullable: true },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    ['no type at all', { type: 'TYPE_UNSPECIFIED' }, {}],
  ])('%s', (_name, from, to) => {
    expect(toStandardSchema(from)).toEqual(to)
  })

  test('properties stand in the order asked for', () => {
    const schema = toStandardSchema({
      type: 'OBJECT',
      properties: { a: { type: 'STRING' }, b: { type: 'STRING' }, c: { type: 'STRING' } },
      propertyOrdering: ['c', 'a'],
    })
    expect(Object.keys(schema.properties as JsonObject)).toEqual(['c', 'a', 'b'])
    expect(schema.propertyOrdering).toBeUndefined()
  })

  test('upper-case types in a standard schema are lowered where type is a keyword, values stay', () => {
    expect(
      lowerCaseTypes({
        type: 'OBJECT',
        properties: { type: { type: 'STRING', enum: ['STRING'], default: { type: 'OBJECT' } } },
        $defs: { A: { anyOf: [{ type: ['STRING', 'NULL'] }] } },
      }),
    ).toEqual({
      type: 'object',
      properties: { type: { type: 'string', enum: ['STRING'], default: { type: 'OBJECT' } } },
      $defs: { A: { anyOf: [{ type: ['string', 'null'] }] } },
    })
  })
})

describe("standard JSON Schema to Gemini's subset", () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      '$ref inlined, its own words kept',
      {
        type: 'object',
        properties: { o: { $ref: '#/$defs/O', description: 'mine' } },
        $defs: { O: { type: 'object', description: 'theirs', properties: { k: { const: 'v' } } } },
      },
      {
        type: 'OBJECT',
        properties: { o: { type: 'OBJECT', description: 'mine', properties: { k: { type: 'STRING', enum: ['v'] } } } },
      },
    ],
    [
      'a cycle ends as a plain object',
      { $ref: '#/$defs/N', $defs: { N: { type: 'object', properties: { next: { $ref: '#/$defs/N' } } } } },
      { type: 'OBJECT', properties: { next: { type: 'OBJECT' } } },
    ],
    ['a reference to nowhere', { $ref: '#/$defs/none' }, { type: 'OBJECT' }],
    [
      'numeric const and enum in words',
      { type: 'integer', enum: [1, 2], description: 'Level.' },
      { type: 'INTEGER', description: 'Level. Allowed values: 1, 2.' },
    ],
    ['empty enum and empty texts', { type: 'string', enum: ['', 'a', 'a'] }, { type: 'STRING', enum: ['a'] }],
    ['enum without a type', { enum: ['a', null] }, { type: 'STRING', enum: ['a'], nullable: true }],
    ['type list with null', { type: ['string', 'null'], default: null }, { type: 'STRING', nullable: true }],
    [
      'several types',
      { type: ['string', 'integer'], description: 'd' },
      { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }], description: 'd' },
    ],
    [
      'anyOf with null and words beside it',
      { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'd' },
      { type: 'STRING', nullable: true, description: 'd' },
    ],
    [
      'oneOf',
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] },
    ],
    [
      'allOf merged',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { properties: { b: { type: 'string' } }, required: ['b'] },
        ],
      },
      { type: 'OBJECT', properties: { b: { type: 'STRING' }, a: { type: 'STRING' } }, required: ['a', 'b'] },
    ],
    [
      'open bound of an integer',
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
      { type: 'INTEGER', minimum: 1, maximum: 9 },
    ],
    ['open bound of a number', { type: 'number', exclusiveMinimum: 0 }, { type: 'NUMBER', minimum: 0 }],
    ['draft-4 open bound', { type: 'integer', minimum: 3, exclusiveMinimum: true }, { type: 'INTEGER', minimum: 3 }],
    ['an explicit bound wins', { type: 'integer', minimum: 5, exclusiveMinimum: 0 }, { type: 'INTEGER', minimum: 5 }],
    ['an array without items', { type: 'array' }, { type: 'ARRAY', items: { type: 'STRING' } }],
    [
      'a tuple',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
      { type: 'ARRAY', items: { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] } },
    ],
    ['an object without properties', { type: 'object', additionalProperties: { type: 'string' } }, { type: 'OBJECT' }],
    [
      'required names that exist',
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'b', 1] },
      { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] },
    ],
    [
      'required on the property itself',
      { type: 'object', properties: { a: { type: 'string', required: true } } },
      { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] },
    ],
    [
      'no type anywhere',
      { properties: { a: {}, b: { items: {} }, c: { minimum: 1 } } },
      {
        type: 'OBJECT',
        properties: {
          a: { type: 'STRING' },
          b: { type: 'ARRAY', items: { type: 'STRING' } },
          c: { type: 'NUMBER', minimum: 1 },
        },
      },
    ],
    [
      'properties with keyword names',
      {
        type: 'object',
        properties: { exclusiveMinimum: { type: 'number' }, properties: { type: 'string' }, $ref: { type: 'string' } },
      },
      {
        type: 'OBJECT',
        properties: { exclusiveMinimum: { type: 'NUMBER' }, properties: { type: 'STRING' }, $ref: { type: 'STRING' } },
      },
    ],
    [
      'a bare map of properties',
      { city: { type: 'string' }, type: { type: 'string' } },
      { type: 'OBJECT', properties: { city: { type: 'STRING' }, type: { type: 'STRING' } } },
    ],
    ['unknown formats', { type: 'string', format: 'uri', pattern: '^a' }, { type: 'STRING', pattern: '^a' }],
    [
      'true and false as schemas',
      { type: 'object', properties: { a: true, b: false } as unknown as JsonObject },
      { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
    ],
  ])('%s', (_name, from, to) => {
    expect(toGeminiSchema(from)).toEqual(to)
  })

  test('references that multiply are cut off', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `n${index}`,
        { type: 'object', properties: { a: { $ref: `#/$defs/n${index + 1}` }, b: { $ref: `#/$defs/n${index + 1}` } } },
      ]),
    )
    expect(JSON.stringify(toGeminiSchema({ $ref: '#/$defs/n0', $defs })).length).toBeLessThan(1_000_000)
  })

  const allowed = new Set(
    'type format title description nullable default enum items minItems maxItems properties required minProperties maxProperties minimum maximum minLength maxLength pattern example anyOf propertyOrdering'.split(
      ' ',
    ),
  )

  function check(node: Json | undefined): void {
    if (!isObject(node)) throw new Error('a node is not an object')
    for (const key of Object.keys(node)) expect(allowed).toContain(key)
    if (node.type !== undefined) expect(node.type).toMatch(/^(STRING|NUMBER|INTEGER|BOOLEAN|ARRAY|OBJECT)$/)
    else expect(Array.isArray(node.anyOf)).toBe(true)
    if (node.enum !== undefined) expect((node.enum as Json[]).every((one) => typeof one === 'string')).toBe(true)
    if (node.items !== undefined) check(node.items)
    for (const one of (node.anyOf as Json[] | undefined) ?? []) check(one)
    if (isObject(node.properties)) Object.values(node.properties).forEach(check)
  }

  test('whatever comes in, only the subset comes out', () => {
    const keys = fc.constantFrom(
      'type',
      'properties',
      'items',
      'anyOf',
      'oneOf',
      'allOf',
      'not',
      'enum',
      'const',
      '$ref',
      '$defs',
      'required',
      'nullable',
      'format',
      'minimum',
      'exclusiveMinimum',
      'additionalProperties',
      'default',
      'description',
      'a',
      '__proto__',
    )
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('object', 'STRING', 'array', 'null', '#/$defs/a', '#', 'x', 1, -2.5, true, null),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(keys, tie('node'), { maxKeys: 6 }),
      ),
    })).node
    fc.assert(
      fc.property(fc.dictionary(keys, value, { maxKeys: 8 }), (schema) => {
        check(toGeminiSchema(schema as JsonObject))
        toStandardSchema(schema as JsonObject)
        lowerCaseTypes(schema as JsonObject)
      }),
      { numRuns: 500 },
    )
  })
})
