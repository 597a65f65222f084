import { describe, expect, test } from 'vitest'
import { type ExchangeFilter, isBefore, matches } from '../../../src-core/observe/exchange-filter.ts'
import { view } from './exchange-view-rig.ts'

const plain = view('x1', 1000)
const failedOver = view('x2', 1000, {
  route: 'longcontext',
  target: 'b.y',
  attempts: [
    { target: 'a.x', attempt: 1, startedAt: 1000, outcome: 'failed' },
    { target: 'b.y', attempt: 1, startedAt: 1005, outcome: 'ok' },
  ],
})
const limited = view('x3', 1000, { error: { kind: 'rate-limited', message: 'azure limits how often gpt-5 is asked.' } })

describe('which exchanges a filter lets through', () => {
  test.each<[string, ExchangeFilter, string[]]>([
    ['nothing named', {}, ['x1', 'x2', 'x3']],
    ['the target that answered', { target: 'b.y' }, ['x2']],
    ['a target that was only tried', { target: 'a.x' }, ['x1', 'x2', 'x3']],
    ['the route', { route: 'longcontext' }, ['x2']],
    ['any failure', { error: true }, ['x3']],
    ['no failure', { error: false }, ['x1', 'x2']],
    ['a kind of failure', { error: 'rate-limited' }, ['x3']],
    ['another kind', { error: 'timeout' }, []],
    ['text in the error, in any case', { text: 'AZURE' }, ['x3']],
    ['text in the model the client named', { text: '3.5-flash' }, ['x1', 'x2', 'x3']],
    ['text in the id', { text: 'x2' }, ['x2']],
    ['text in reasons and bodies is not looked for', { text: 'rule fired' }, []],
    ['all of it at once', { target: 'a.x', route: 'default', error: false, text: 'x' }, ['x1']],
  ])('%s', (_what, filter, expected) => {
    const found = [plain, failedOver, limited].filter((one) => matches(one, filter))
    expect(found.map(({ id }) => id)).toEqual(expected)
  })
})

test.each([
  ['an earlier one', view('z', 999), true],
  ['one of the same millisecond, by its id', view('x0', 1000), true],
  ['itself', plain, false],
  ['a later one', view('a', 1001), false],
])('before: %s', (_what, one, expected) => {
  expect(isBefore(one, plain)).toBe(expected)
})
