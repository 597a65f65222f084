import { describe, expect, test } from 'vitest'
import { createCountedSections } from '../../../src-core/tokens/counted-sections.ts'

const body = Buffer.from('["one","two","one"]')
const one = { start: 1, end: 6, kind: 'message' as const }
const two = { start: 7, end: 12, kind: 'message' as const }
const again = { start: 13, end: 18, kind: 'message' as const }

describe('counted-sections', () => {
  test('the same content is the same section, wherever it stands', () => {
    const counted = createCountedSections()
    expect(counted.key(body, one)).toBe(counted.key(body, again))
    expect(counted.key(body, one)).not.toBe(counted.key(body, two))
    expect(counted.key(body, one)).not.toBe(counted.key(body, { ...one, kind: 'tools' }))
  })

  test('the longest unused goes first', () => {
    const counted = createCountedSections(2)
    counted.set('a', { text: 1, media: 0 })
    counted.set('b', { text: 2, media: 0 })
    counted.get('a')
    counted.set('c', { text: 3, media: 0 })
    expect(['a', 'b', 'c'].map((key) => counted.get(key)?.text)).toEqual([1, undefined, 3])
    expect(counted.size).toBe(2)
  })
})
