import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unescaped } from '../../../src-core/tokens/unescaped.ts'

test('the text behind any JSON string, as JSON.parse has it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, ascii) => {
      const written = JSON.stringify(text).slice(1, -1)
      const inside = ascii ? written.replace(/[^\0-~]/g, inAscii) : written
      expect(unescaped(inside)).toBe(JSON.parse(`"${inside}"`))
    }),
  )
})

const inAscii = (half: string): string => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`

test.each([
  ['cut in the middle of an escape', 'abc\\u4e', 'abcu4e'],
  ['a slash some clients escape', 'a\\/b', 'a/b'],
  ['nothing to do', 'plain', 'plain'],
])('%s', (_, inside, text) => expect(unescaped(inside)).toBe(text))
