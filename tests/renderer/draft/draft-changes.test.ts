import { describe, expect, test } from 'vitest'
import { pathWords } from '../../../renderer/draft/config-value.ts'
import { type Change, draftInput, withChange } from '../../../renderer/draft/draft-changes.ts'
import { latestAt } from '../../../renderer/draft/use-shown.ts'

const set = (path: (string | number)[], value: number, label = 'set'): Change => ({ label, steps: [{ path, value }] })
const whole = (text: string): Change => ({ label: 'file', text })

test('a value changed twice in a row is one change, the later one; anything else is another', () => {
  const one = set(['a'], 1)
  expect(withChange([one], set(['a'], 2))).toEqual([set(['a'], 2)])
  expect(withChange([one], set(['b'], 2))).toHaveLength(2)
  expect(withChange([one, set(['b'], 2)], set(['a'], 3))).toHaveLength(3)
  expect(withChange([one], { label: 'out', steps: [{ path: ['a'] }] })).toHaveLength(2)
  expect(withChange([whole('x')], whole('xy'))).toEqual([whole('xy')])
  expect(withChange([whole('x')], { ...whole('y'), label: 'version' })).toHaveLength(2)
})

describe('what is asked of the gateway', () => {
  test('all steps on the text they were made on', () => {
    const changes = [set(['a'], 1), set(['b'], 2)]
    expect(draftInput('text', changes)).toEqual({
      text: 'text',
      changes: [
        { path: ['a'], value: 1 },
        { path: ['b'], value: 2 },
      ],
    })
  })

  test('a whole text takes the place of all before it', () => {
    expect(draftInput('text', [set(['a'], 1), whole('new'), set(['b'], 2)])).toEqual({
      text: 'new',
      changes: [{ path: ['b'], value: 2 }],
    })
  })
})

test('a control shows what its own latest change says', () => {
  const out: Change = { label: 'out', steps: [{ path: ['a'] }] }
  expect(latestAt([], ['a'])).toBeUndefined()
  expect(latestAt([set(['a'], 1), set(['b'], 2)], ['a'])).toEqual({ value: 1 })
  expect(latestAt([set(['a'], 1), out], ['a'])).toEqual({ value: undefined })
  expect(latestAt([{ label: 'moved', steps: [{ path: ['a'], to: 0 }] }], ['a'])).toBeUndefined()
})

test('a path is written as problems name it', () => {
  expect(pathWords(['virtualrouter', 'routing', 'default', 0, 'targets', 1])).toBe(
    'virtualrouter.routing.default[0].targets[1]',
  )
  expect(pathWords(['modelMapping', 'gemini-*'])).toBe('modelMapping["gemini-*"]')
})
