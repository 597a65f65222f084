import { describe, expect, test } from 'vitest'
import { createModelResolver } from '../../../src-core/router/resolve-model.ts'
import type { Mappings } from '../../../src-core/router/routing-view.ts'

const own: Mappings = [
  ['gemini-*-flash*', 'litellm.azure-gpt-5'],
  ['gemini-*', 'route:thinking'],
  ['gemini-2.5-flash', 'gemini.gemini-3.5-flash'],
  ['azure-*', 'litellm.*'],
  ['openai/*', 'litellm[work].*'],
]
const top: Mappings = [
  ['gemini-2.5-flash', 'glm.never-reached'],
  ['cheap', 'glm.glm-4.7'],
  ['*', 'route:default'],
]
const resolve = createModelResolver([own, top], (id) => ['litellm', 'gemini', 'glm'].includes(id))

const cases: [string, string, string][] = [
  ['an outright target', 'litellm.azure-gpt-5', 'litellm.azure-gpt-5'],
  ['an outright target with a pinned credential', 'litellm[work].azure-gpt-5', 'litellm[work].azure-gpt-5'],
  ['an outright target nobody configured: still strict', 'glm.nope', 'glm.nope'],
  ['a target beats a wildcard that matches it', 'gemini.gemini-3.5-flash', 'gemini.gemini-3.5-flash'],
  ['a dot alone names no target', 'gemini-3.1-pro-preview', 'route:thinking'],
  ['exact before a wildcard written earlier', 'gemini-2.5-flash', 'gemini.gemini-3.5-flash'],
  ['wildcards in order', 'gemini-3-flash-preview', 'litellm.azure-gpt-5'],
  ['provider.* keeps the name', 'azure-o4', 'litellm.azure-o4'],
  ['provider[alias].* keeps the name', 'openai/gpt-5.1', 'litellm[work].openai/gpt-5.1'],
  ["the top level serves what the group's own leaves", 'cheap', 'glm.glm-4.7'],
  ['a lone star takes the rest', 'my-gpt', 'route:default'],
  ['names that are properties of every object', 'constructor', 'route:default'],
]

describe('resolve-model', () => {
  test.each(cases)('%s: %s', (_, model, expected) => {
    const resolution = resolve(model)
    const name =
      resolution.type === 'target'
        ? resolution.name
        : resolution.type === 'route'
          ? `route:${resolution.route}`
          : 'none'
    expect(name).toBe(expected)
  })

  test('no mapping and no target: nothing is decided', () => {
    expect(createModelResolver([], () => true)('gpt-5')).toEqual({ type: 'none' })
    expect(createModelResolver([[['claude-*', 'a.b']]], () => false)('gpt-5')).toEqual({ type: 'none' })
  })

  test('the reason quotes the mapping', () => {
    expect(resolve('azure-o4')).toMatchObject({ because: 'modelMapping "azure-*" -> litellm.*' })
  })
})
