import { expect, test } from 'vitest'
import { orderEngines } from '../../../src-core/web-search/order.ts'

const engine = (id: string, isDefault = false) => ({ id, isDefault })
const plain = [engine('a'), engine('b'), engine('c')]
const withDefault = [engine('a'), engine('b', true), engine('c')]

test.each([
  ['nobody chose, no default', plain, undefined, [], 'abc', 'a is the first in the config'],
  ['nobody chose', withDefault, undefined, [], 'bac', 'b is the default'],
  ['one is asked for', withDefault, 'c', [], 'cab', 'c was asked for'],
  ['one that is not there is asked for', withDefault, 'x', [], 'bac', 'x cannot be asked; b is the default'],
  [
    'the first rests',
    plain,
    undefined,
    ['a'],
    'bca',
    'a is the first in the config, and rests after failures, so b is asked first',
  ],
  ['another rests', plain, undefined, ['b'], 'acb', 'a is the first in the config'],
  ['all rest: all are asked', plain, undefined, ['a', 'b', 'c'], 'abc', 'a is the first in the config'],
  [
    'the one asked for rests',
    plain,
    'c',
    ['c'],
    'abc',
    'c was asked for, and rests after failures, so a is asked first',
  ],
  ['there is none', [], 'a', [], '', 'no engine can be asked'],
])('%s', (_name, engines, wanted, resting: string[], order, because) => {
  const ordered = orderEngines(engines, wanted, ({ id }) => resting.includes(id))
  expect(ordered.engines.map(({ id }) => id).join('')).toBe(order)
  expect(ordered.because).toBe(because)
})
