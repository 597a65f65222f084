import { expect, test } from 'vitest'
import { groundingOf } from '../../../src-core/web-search/grounding.ts'
import { found, hit } from './loop-rig.ts'

const page = (url: string, title = url) => ({ ...hit('x'), url, title })

test('nothing found, nothing to point at', () => {
  expect(groundingOf('It is 24.', [])).toBeUndefined()
  expect(groundingOf('It is 24.', [found('x', [])])).toBeUndefined()
})

test('a sentence rests on the pages it names, counted in bytes', () => {
  const text = 'Žltý kôň. Node 24 je LTS ([A](https://a.example/x)). Koniec.'
  const grounding = groundingOf(text, [found('x', [page('https://a.example/x', 'A'), page('https://b.example/')])])!
  expect(grounding.queries).toEqual(['x'])
  expect(grounding.sources).toEqual([{ url: 'https://a.example/x', title: 'A' }])
  const [support, ...others] = grounding.supports
  expect(others).toEqual([])
  const bytes = Buffer.from(text).subarray(support!.startByte, support!.endByte).toString()
  expect(bytes).toBe('Node 24 je LTS ([A](https://a.example/x)).')
  expect(support!.text).toBe(bytes)
  expect(support!.sourceIndexes).toEqual([0])
})

test('a sentence may name several, and a page stand in several', () => {
  const text = 'See https://a.example/ and https://b.example/.\nAgain https://a.example/ here.'
  const grounding = groundingOf(text, [found('x', [page('https://b.example/'), page('https://a.example/')])])!
  expect(grounding.supports.map(({ text, sourceIndexes }) => [text, sourceIndexes])).toEqual([
    ['See https://a.example/ and https://b.example/.', [0, 1]],
    ['Again https://a.example/ here.', [1]],
  ])
})

test('an address is not found in a longer one', () => {
  const pages = ['https://a.example/', 'https://a.example/x', 'https://a.example/xyz'].map((url) => page(url))
  const grounding = groundingOf('Only https://a.example/xyz says so.', [found('x', pages)])!
  expect(grounding.sources.map(({ url }) => url)).toEqual(['https://a.example/xyz'])
})

test('an answer that names none has the first pages of all searches as sources, each once', () => {
  const many = Array.from({ length: 12 }, (_, index) => page(`https://a.example/${index}`))
  const grounding = groundingOf('It is 24.', [found('one', many), found('two', many), found('one', many)])!
  expect(grounding.sources).toHaveLength(10)
  expect(grounding.supports).toEqual([])
  expect(grounding.queries).toEqual(['one', 'two'])
})
