import { describe, expect, test } from 'vitest'
import { isClosedSchema } from '../../../src-core/codecs/openai-chat/strict-schema.ts'
import { isSearchTool, readSearchCall, searchTool } from '../../../src-core/web-search/tool.ts'
import { engine } from './loop-rig.ts'

describe('the tool', () => {
  test('of one engine has no choice of engines', () => {
    const { name, parameters } = searchTool([engine('glm', { description: 'Chinese pages' })])
    expect(name).toBe('web_search')
    expect(parameters).toMatchObject({
      type: 'object',
      required: ['query'],
      additionalProperties: false,
      properties: {
        query: { type: 'string' },
        recency: { enum: ['oneDay', 'oneWeek', 'oneMonth', 'oneYear', 'noLimit'] },
        count: { type: 'integer', minimum: 1, maximum: 50 },
      },
    })
    expect(parameters!.properties).not.toHaveProperty('engine')
  })

  test('of several lets the model choose by their descriptions', () => {
    const { parameters } = searchTool([
      engine('glm', { description: 'Chinese pages', isDefault: true }),
      engine('brave', { description: 'everything else' }),
    ])
    expect(parameters).toMatchObject({
      properties: {
        engine: {
          enum: ['glm', 'brave'],
          description: 'Which engine searches. glm: Chinese pages (the default); brave: everything else',
        },
      },
    })
  })

  test('stays valid where a service makes it strict: required and nothing else, or all of them', () => {
    const { parameters } = searchTool([engine('a'), engine('b')])
    const strict = { ...parameters, required: Object.keys(parameters!.properties as object) }
    expect(isClosedSchema(strict)).toBe(true)
  })
})

test.each([
  ['web_search', true],
  ['web-search', true],
  ['websearch', true],
  ['WebSearch', true],
  ['google_web_search', true],
  ['search', false],
  ['web_search_history', false],
  ['grep_search', false],
])('%s is a search tool: %s', (name, expected) => {
  expect(isSearchTool(name)).toBe(expected)
})

test.each([
  [{ query: ' node lts ' }, { query: 'node lts' }],
  [
    { query: 'x', engine: 'glm', recency: 'oneDay', count: 5 },
    { query: 'x', engine: 'glm', recency: 'oneDay', count: 5 },
  ],
  [{ query: 'x', engine: null, recency: null, count: null }, { query: 'x' }],
  [
    { query: 'x', recency: 'lately', count: 400 },
    { query: 'x', count: 50 },
  ],
  [
    { query: 'x', count: '7' },
    { query: 'x', count: 7 },
  ],
  [{ query: 'x', count: -1 }, { query: 'x' }],
  [{}, 'web_search needs a query: say in words what to search for.'],
])('%j is read as %j', (args, expected) => {
  expect(readSearchCall(args)).toEqual(expected)
})
