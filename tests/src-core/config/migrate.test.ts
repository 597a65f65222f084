import { expect, test } from 'vitest'
import { migrate } from '../../../src-core/config/migrate.ts'
import { isObject, type Json } from '../../../src-core/model/json.ts'

const rename = (from: string, to: string) => (value: Json) => {
  if (!isObject(value)) return value
  const { [from]: moved, ...rest } = value
  return { ...rest, [to]: moved }
}
const stair = {
  current: 3,
  steps: new Map([
    [1, rename('a', 'b')],
    [2, rename('b', 'c')],
  ]),
}

test.each<[Json, Json]>([
  [
    { version: 1, a: 5 },
    { version: 3, c: 5 },
  ],
  [{ a: 5 }, { version: 3, c: 5 }],
  [
    { version: 2, b: 5 },
    { version: 3, c: 5 },
  ],
  [
    { version: 3, c: 5 },
    { version: 3, c: 5 },
  ],
])('%j climbs to %j', (value, expected) => {
  expect(migrate(value, stair)).toEqual({ value: expected })
})

test.each<[Json]>([[{ version: 4 }], [{ version: 0 }], [{ version: 1.5 }], [{ version: '1' }], [{ version: null }]])(
  '%j is refused',
  (value) => {
    expect(migrate(value, stair)).toMatchObject({ problem: { path: 'version' } })
  },
)

test('a missing step is said, not skipped', () => {
  expect(migrate({ version: 1 }, { current: 3, steps: new Map([[2, rename('b', 'c')]]) })).toMatchObject({
    problem: { message: 'is too old to be read' },
  })
})

test.each<[Json]>([[{ version: 1, gateway: {} }], [[1, 2]], ['text'], [null]])('today’s %j stays as it is', (value) => {
  expect(migrate(value)).toEqual({ value })
})
