import { expect, test } from 'vitest'
import { createRoster } from '../../../src-core/model/roster.ts'

const named = (name: string) => ({ name, place: -1 })
type Named = ReturnType<typeof named>

test('members come and go in any order, each once', () => {
  const roster = createRoster<Named>()
  const [a, b, c, stranger] = [named('a'), named('b'), named('c'), named('stranger')]
  const names = () => [...roster].map(({ name }) => name).sort()

  for (const one of [a, b, c, b]) roster.add(one)
  expect(names()).toEqual(['a', 'b', 'c'])
  roster.remove(a)
  roster.remove(a)
  roster.remove(stranger)
  expect(names()).toEqual(['b', 'c'])
  roster.add(a)
  roster.remove(c)
  roster.remove(b)
  expect(names()).toEqual(['a'])
  roster.remove(a)
  expect(roster.size).toBe(0)
})

test('a member may leave while it is looked at', () => {
  const roster = createRoster<Named>()
  const all = ['a', 'b', 'c'].map(named)
  for (const one of all) roster.add(one)
  const seen: string[] = []
  for (const one of roster) {
    seen.push(one.name)
    roster.remove(one)
  }
  expect(seen).toEqual(['a', 'b', 'c'])
  expect(roster.size).toBe(0)
})
