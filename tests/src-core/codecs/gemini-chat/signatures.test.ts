import { describe, expect, test } from 'vitest'
import { createSignatureStore } from '../../../../src-core/codecs/gemini-chat/index.ts'

const call = (id: string, name = 'f') => ({ id, name })

describe('the signature store', () => {
  test('gives back what it was given, under the same name only', () => {
    const store = createSignatureStore({ now: () => 0 })
    store.remember(call('a'), 'S')
    expect(store.recall(call('a'))).toBe('S')
    expect(store.recall(call('a', 'g'))).toBeUndefined()
    expect(store.recall(call('b'))).toBeUndefined()
  })

  test('lets the least recently used go first', () => {
    const store = createSignatureStore({ maxEntries: 2, now: () => 0 })
    store.remember(call('a'), '1')
    store.remember(call('b'), '2')
    store.recall(call('a'))
    store.remember(call('c'), '3')
    expect(['a', 'b', 'c'].map((id) => store.recall(call(id)))).toEqual(['1', undefined, '3'])
  })

  test('is bounded in bytes; what is larger than all of it is not kept', () => {
    const store = createSignatureStore({ maxBytes: 24, now: () => 0 })
    store.remember(call('a'), '0123456789')
    store.remember(call('b'), '0123456789')
    store.remember(call('c'), '0123456789')
    store.remember(call('d'), 'x'.repeat(100))
    expect(['a', 'b', 'c', 'd'].map((id) => store.recall(call(id)) !== undefined)).toEqual([false, true, true, false])
  })

  test('counts a replaced signature once', () => {
    const store = createSignatureStore({ maxBytes: 30, now: () => 0 })
    store.remember(call('b'), '0123456789')
    for (let count = 0; count < 5; count++) store.remember(call('a'), '0123456789')
    expect(store.recall(call('b'))).toBe('0123456789')
  })

  test('forgets in time', () => {
    let time = 0
    const store = createSignatureStore({ ttlMs: 10, now: () => time })
    store.remember(call('a'), 'S')
    time = 9
    expect(store.recall(call('a'))).toBe('S')
    time = 10
    expect(store.recall(call('a'))).toBeUndefined()
  })
})
