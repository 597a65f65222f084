import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { putFirst } from '../../../../renderer/pages/overview/re-patch.ts'
import { changeDocument } from '../../../../src-core/config/change-document.ts'
import { configSchema } from '../../../../src-core/config/schema.ts'

/** Pools as their targets' names, by what the steps make of them. */
function repatched(pools: unknown[], target: string): unknown {
  const document = parseDocument(JSON.stringify({ route: pools }))
  const { routing } = configSchema.parse({ virtualrouter: { routing: { route: pools } } }).virtualrouter
  changeDocument(document, putFirst(routing.route!, ['route'], target))
  return (document.toJS() as { route: { targets: unknown[] }[] }).route.map(({ targets }) => targets)
}

const pools = (...targets: unknown[][]) => targets.map((each) => ({ targets: each }))

test.each<[what: string, before: unknown[][], after: unknown[][]]>([
  ['new to the route', [['a.m', 'b.m']], [['x.m', 'a.m', 'b.m']]],
  ['already first', [['x.m', 'a.m']], [['x.m', 'a.m']]],
  ['further down', [['a.m', 'b.m', 'x.m']], [['x.m', 'a.m', 'b.m']]],
  ['in a later pool, which goes', [['a.m'], ['x.m'], ['b.m']], [['x.m', 'a.m'], ['b.m']]],
  ['in two later pools', [['a.m'], ['b.m', 'x.m'], ['x.m', 'c.m']], [['x.m', 'a.m'], ['b.m'], ['c.m']]],
  ['a route without pools', [], [['x.m']]],
  ['a pool without targets before it', [[], ['a.m']], [[], ['x.m', 'a.m']]],
  [
    'with its weight',
    [['a.m'], [{ target: 'x.m', weight: 3 }, 'b.m']],
    [[{ target: 'x.m', weight: 3 }, 'a.m'], ['b.m']],
  ],
])('a target that is %s comes first', (_what, before, after) => {
  expect(repatched(pools(...before), 'x.m')).toEqual(after)
})
