import { describe, expect, test } from 'vitest'
import type { Config } from '../../../renderer/draft/config-value.ts'
import { freeName } from '../../../renderer/draft/free-name.ts'
import { addEngine, type EngineSort, makeDefault } from '../../../renderer/pages/search/engine-changes.ts'
import { configSchema } from '../../../src-core/config/schema.ts'

const enginesOf = (engines: object[]): Config['virtualrouter']['webSearch']['engines'] =>
  configSchema.parse({ virtualrouter: { webSearch: { engines } } }).virtualrouter.webSearch.engines

describe('a new engine', () => {
  test.each<[EngineSort, string, object]>([
    ['model', 'gemini.gemini-3.5-flash', { id: 'gemini', providerKey: 'gemini.gemini-3.5-flash' }],
    ['brave', '', { id: 'brave', service: 'brave', secret: 'keychain:brave' }],
    ['tavily', '', { id: 'tavily', service: 'tavily', secret: 'keychain:tavily' }],
    ['searxng', 'http://127.0.0.1:8080', { id: 'searxng', service: 'searxng', baseUrl: 'http://127.0.0.1:8080' }],
  ])('%s is one the config takes', (sort, place, value) => {
    const { steps } = addEngine([], sort, place)
    expect(steps).toEqual([{ path: ['virtualrouter', 'webSearch', 'engines'], value: [value] }])
    expect(enginesOf([value])).toHaveLength(1)
  })

  test('comes last, under a name of its own', () => {
    const engines = enginesOf([{ id: 'brave', service: 'brave', secret: 'env:B' }])
    expect(addEngine(engines, 'brave', '')).toEqual({
      id: 'brave-2',
      steps: [
        {
          path: ['virtualrouter', 'webSearch', 'engines', 1],
          value: { id: 'brave-2', service: 'brave', secret: 'keychain:brave-2' },
        },
      ],
    })
  })
})

test('one is the default, the others are no more', () => {
  const engine = (id: string, isDefault: boolean) => ({ id, providerKey: 'p.m', default: isDefault })
  const engines = enginesOf([engine('a', true), engine('b', false), engine('c', false)])
  const at = (index: number) => ['virtualrouter', 'webSearch', 'engines', index, 'default']
  expect(makeDefault(engines, 2)).toEqual([{ path: at(0) }, { path: at(2), value: true }])
  expect(makeDefault(engines, 0)).toEqual([{ path: at(0), value: true }])
})

test.each([
  ['litellm', [], 'litellm'],
  ['litellm', ['litellm', 'litellm-2'], 'litellm-3'],
  ['my model/x', [], 'my-model-x'],
  ['…', [], 'new'],
])('%s among %j becomes %s', (wanted, taken, expected) => {
  expect(freeName(wanted, 'new', taken)).toBe(expected)
})
