import { describe, expect, test } from 'vitest'
import { compilePools, credentialsInTurn, membersInTurn, type Pool, takeTurn } from '../../../src-core/router/pools.ts'
import type { PoolSettings } from '../../../src-core/router/routing-view.ts'

const compile = (settings: PoolSettings): Pool => compilePools([settings])[0]!

/** Who leads over a number of turns, when those in `out` may not be called. */
function leaders(pool: Pool, turns: number, out: string[] = []): string {
  let story = ''
  for (let turn = 0; turn < turns; turn += 1) {
    const eligible = pool.members.filter(({ name }) => !out.includes(name))
    const leader = membersInTurn(pool, eligible)[0]!
    takeTurn(pool, eligible, leader)
    story += leader.name.split('.')[1]
  }
  return story
}

describe('pools', () => {
  test('priority stays with the first while it may be called', () => {
    const pool = compile({ targets: ['p.a', 'p.b'] })
    expect(leaders(pool, 4)).toBe('aaaa')
    expect(leaders(pool, 2, ['p.a'])).toBe('bb')
    expect(leaders(pool, 2)).toBe('aa')
  })

  test('round-robin goes round, and goes round the rest when one is out', () => {
    const pool = compile({ targets: ['p.a', 'p.b', 'p.c'], strategy: 'round-robin' })
    expect(leaders(pool, 6)).toBe('abcabc')
    expect(leaders(pool, 4, ['p.b'])).toBe('acac')
  })

  test('round-robin ignores weights', () => {
    const targets = [{ target: 'p.a', weight: 5 }, 'p.b']
    expect(leaders(compile({ targets, strategy: 'round-robin' }), 4)).toBe('abab')
  })

  test('weighted is smooth: exact shares, no bursts', () => {
    const targets = [{ target: 'p.a', weight: 5 }, 'p.b', 'p.c']
    expect(leaders(compile({ targets, strategy: 'weighted' }), 7)).toBe('aabacaa')
  })

  test('weighted gives exact shares over any number of whole rounds', () => {
    const targets = [
      { target: 'p.a', weight: 3 },
      { target: 'p.b', weight: 2 },
      { target: 'p.c', weight: 0.5 },
    ]
    const story = leaders(compile({ targets, strategy: 'weighted' }), 1100)
    const share = (name: string): number => story.split(name).length - 1
    expect([share('a'), share('b'), share('c')]).toEqual([600, 400, 100])
  })

  test('one that was out does not make up for it in a burst', () => {
    const pool = compile({ targets: ['p.a', 'p.b'], strategy: 'round-robin' })
    leaders(pool, 100, ['p.a'])
    expect(leaders(pool, 6)).toBe('ababab')
  })

  test('the order after the leader is there for failover', () => {
    const pool = compile({ targets: ['p.a', 'p.b', 'p.c'], strategy: 'round-robin' })
    leaders(pool, 1)
    expect(membersInTurn(pool, pool.members).map(({ name }) => name)).toEqual(['p.b', 'p.c', 'p.a'])
  })

  test('asking changes nothing', () => {
    const pool = compile({ targets: ['p.a', 'p.b'], strategy: 'round-robin' })
    const first = membersInTurn(pool, pool.members)
    expect(membersInTurn(pool, pool.members)).toEqual(first)
  })

  test('backup pools come after all others', () => {
    const pools = compilePools([
      { id: 'spare', backup: true, targets: ['p.a'] },
      { id: 'main', targets: ['p.b'] },
      { targets: ['p.c'] },
    ])
    expect(pools.map(({ id }) => id)).toEqual(['main', 'pool 3', 'spare'])
  })

  test('credentials take turns in the place of their provider, whatever its share', () => {
    const pool = compile({ targets: ['p.a', 'p.b'], strategy: 'round-robin' })
    const keys: Record<string, string[]> = { 'p.a': ['a1', 'a2'], 'p.b': ['b1'] }
    const story: string[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const leader = membersInTurn(pool, pool.members)[0]!
      story.push(credentialsInTurn(pool, leader, keys[leader.name]!)[0]!)
      takeTurn(pool, pool.members, leader)
    }
    expect(story).toEqual(['a1', 'b1', 'a2', 'b1', 'a1', 'b1'])
  })

  test('in a priority pool they take turns as well', () => {
    const pool = compile({ targets: ['p.a'] })
    const [leader] = pool.members
    expect(credentialsInTurn(pool, leader!, ['a1', 'a2', 'a3'])).toEqual(['a1', 'a2', 'a3'])
    takeTurn(pool, pool.members, leader!)
    expect(credentialsInTurn(pool, leader!, ['a1', 'a2', 'a3'])).toEqual(['a2', 'a3', 'a1'])
  })
})
