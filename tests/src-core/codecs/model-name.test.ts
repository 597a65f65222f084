import { expect, test } from 'vitest'
import { requireModelName } from '../../../src-core/codecs/model-name.ts'

test.each(['gpt-5', 'azure.gpt-5', 'google/gemma-3:free', 'modèle', 'a b', '__proto__', 'x'.repeat(512)])(
  '%s is a name',
  (name) => {
    expect(requireModelName(name)).toBe(name)
  },
)

test.each([
  ['too long', 'x'.repeat(513), '513 characters'],
  ['a line feed', 'a\nx-injected: 1', 'control characters'],
  ['NUL', 'a\0', 'control characters'],
  ['half a character', 'a\ud800', 'control characters or half ones'],
])('%s is none, and the refusal does not repeat it', (_why, name, words) => {
  expect(() => requireModelName(name)).toThrow(words)
  expect(() => requireModelName(name)).not.toThrow(name.slice(0, 100))
})
