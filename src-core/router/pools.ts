import type { PoolSettings } from './routing-view.ts'

export interface Pool {
  id: string
  strategy: 'priority' | 'round-robin' | 'weighted'
  members: readonly Member[]
  /** Whose turn it is. The only thing here that changes, and only `takeTurn` changes it. */
  cursor: PoolCursor
}

/** One line of a pool: a model at a provider, however many credentials stand behind it. */
export interface Member {
  index: number
  name: string
  /** `provider.*`: takes the model the client named. */
  wild: boolean
  weight: number
}

interface PoolCursor {
  /** Per member: smooth weighted round-robin's running credit. */
  credit: number[]
  /** Per member: how often it led, for its credentials' turns. */
  led: number[]
}

/** Pools in the order they are tried: backups after all others. */
export function compilePools(settings: readonly PoolSettings[]): Pool[] {
  const pools = settings.map((pool, position) => ({ backup: pool.backup === true, pool: compilePool(pool, position) }))
  return [...pools.filter(({ backup }) => !backup), ...pools.filter(({ backup }) => backup)].map(({ pool }) => pool)
}

/** A pool of one, for a target named outright: its credentials take turns too. */
export function poolOf(name: string): Pool {
  return compilePool({ id: name, targets: [name] }, 0)
}

function compilePool({ id, targets, strategy = 'priority' }: PoolSettings, position: number): Pool {
  const members = targets.map((entry, index): Member => {
    const name = typeof entry === 'string' ? entry : entry.target
    const weight = typeof entry === 'string' ? 1 : (entry.weight ?? 1)
    return { index, name, wild: name.endsWith('.*'), weight: strategy === 'weighted' && weight > 0 ? weight : 1 }
  })
  const zeros = members.map(() => 0)
  return { id: id ?? `pool ${position + 1}`, strategy, members, cursor: { credit: zeros, led: [...zeros] } }
}

/** The members that may be called, in the order of this turn. Changes nothing. */
export function membersInTurn(pool: Pool, eligible: readonly Member[]): readonly Member[] {
  if (pool.strategy === 'priority' || eligible.length < 2) return eligible
  const { credit } = pool.cursor
  const due = (member: Member): number => credit[member.index]! + member.weight
  return eligible.toSorted((a, b) => due(b) - due(a) || a.index - b.index)
}

/** One member's credentials, the next in turn first. */
export function credentialsInTurn<T>(pool: Pool, member: Member, credentials: readonly T[]): readonly T[] {
  if (credentials.length < 2) return credentials
  const first = pool.cursor.led[member.index]! % credentials.length
  return first === 0 ? credentials : [...credentials.slice(first), ...credentials.slice(0, first)]
}

/**
 * Marks that `leader` was chosen among `eligible`: every candidate earns its weight, the leader pays the
 * sum (smooth weighted round-robin), so shares come out exact and never in bursts.
 */
export function takeTurn(pool: Pool, eligible: readonly Member[], leader: Member): void {
  const { credit, led } = pool.cursor
  led[leader.index] = (led[leader.index]! + 1) % 0x4000_0000
  if (pool.strategy === 'priority' || eligible.length < 2) return
  let total = 0
  for (const member of eligible) {
    credit[member.index] = credit[member.index]! + member.weight
    total += member.weight
  }
  credit[leader.index] = credit[leader.index]! - total
}
