import type { AnswerOf, InputOf } from '../../src-core/control/contract.ts'

/** The config as a value, and its parts, as the contract tells it. */
export type Config = AnswerOf<'getConfig'>['value']
export type VirtualRouter = Config['virtualrouter']
export type Provider = VirtualRouter['providers'][string]
export type Routing = VirtualRouter['routing']
export type Pool = Routing[string][number]
export type PoolTarget = Pool['targets'][number]

/** One step of an edit, and where it is made. */
export type Step = InputOf<'draftConfig'>['changes'][number]
export type Path = Step['path']
/** What may be written at a path. */
export type Value = Extract<Step, { value: unknown }>['value']

export const targetName = (target: PoolTarget): string => (typeof target === 'string' ? target : target.target)

/** Where a group's own routing stands; the routing at the top is the group named `default`. */
export function groupPath(router: VirtualRouter, group: string): Path {
  return Object.hasOwn(router.routingGroups, group) ? ['virtualrouter', 'routingGroups', group] : ['virtualrouter']
}

/** What a group says for itself; at the top level the mappings are everybody's. */
export function groupOf(
  router: VirtualRouter,
  group: string,
): { routing: Routing; modelMapping: VirtualRouter['modelMapping'] } {
  return router.routingGroups[group] ?? { routing: router.routing, modelMapping: router.modelMapping }
}

/** A path as problems name it: `virtualrouter.routing.default[0].targets[1]`. */
export function pathWords(path: Path): string {
  let words = ''
  for (const part of path) {
    if (typeof part === 'number') words += `[${part}]`
    else if (!/^[A-Za-z0-9_$-]+$/.test(part)) words += `[${JSON.stringify(part)}]`
    else words += words === '' ? part : `.${part}`
  }
  return words
}
