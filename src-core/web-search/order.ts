import type { EngineView } from './engine.ts'

export interface Order<Engine> {
  /** In the order they are asked. */
  engines: Engine[]
  /** Why the first is the first. */
  because: string
}

/** The one asked for, else the default, else the first of the config; the rest in order. Those that rest come last. */
export function orderEngines<Engine extends EngineView>(
  engines: readonly Engine[],
  wanted: string | undefined,
  rests: (engine: Engine) => boolean,
): Order<Engine> {
  const asked = wanted === undefined ? undefined : engines.find(({ id }) => id === wanted)
  const chosen = asked ?? engines.find(({ isDefault }) => isDefault) ?? engines[0]
  if (!chosen) return { engines: [], because: 'no engine can be asked' }
  const inOrder = [chosen, ...engines.filter((engine) => engine !== chosen)]
  const order = restingLast(inOrder, rests)
  const why = asked ? 'was asked for' : chosen.isDefault ? 'is the default' : 'is the first in the config'
  const unknown = wanted !== undefined && !asked ? `${wanted} cannot be asked; ` : ''
  const first = order[0]!
  const instead = first === chosen ? '' : `, and rests after failures, so ${first.id} is asked first`
  return { engines: order, because: `${unknown}${chosen.id} ${why}${instead}` }
}

/** What rests is not left out: when all else fails it may be well again. */
export const restingLast = <One>(all: readonly One[], rests: (one: One) => boolean): One[] => [
  ...all.filter((one) => !rests(one)),
  ...all.filter(rests),
]
