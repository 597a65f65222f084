import { expect, test } from 'vitest'
import { withLatest } from '../../../src-core/model/latest.ts'

test('what is asked again is worked out once, what was asked before that anew', () => {
  const worked: string[] = []
  const length = withLatest((text: string) => {
    worked.push(text)
    return text === '' ? undefined : text.length
  })
  expect(['ab', 'ab', '', '', 'ab'].map(length)).toEqual([2, 2, undefined, undefined, 2])
  expect(worked).toEqual(['ab', '', 'ab'])
})
