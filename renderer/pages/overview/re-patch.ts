import { type Document, isMap, isScalar, isSeq, type YAMLSeq } from 'yaml'
import type { ConfigView } from '../../../src-core/control/contract.ts'

/**
 * Makes a target the first of a route in the config's text. It moves if the route has it already, and whatever was
 * first follows it: a cable that is plugged elsewhere leaves its old end as the spare.
 */
export function putFirst(document: Document, at: readonly string[], target: string): void {
  const pools = document.getIn(at)
  if (!isSeq(pools)) throw new TypeError(`${at.join('.')} is no list of pools`)
  const lists = pools.items.flatMap((pool) =>
    isMap(pool) && isSeq(pool.get('targets')) ? [pool.get('targets') as YAMLSeq] : [],
  )
  const [first] = lists
  if (!first) throw new TypeError(`${at.join('.')} has no pool with targets`)
  let moved: unknown = document.createNode(target)
  for (const list of lists) {
    const index = list.items.findIndex((item) => nameOf(item) === target)
    if (index >= 0) moved = list.items.splice(index, 1)[0]
  }
  first.items.unshift(moved)
  pools.items = pools.items.filter((pool) => !isMap(pool) || !isEmpty(pool.get('targets')))
}

function nameOf(item: unknown): unknown {
  if (isMap(item)) return item.get('target')
  return isScalar(item) ? item.value : undefined
}

const isEmpty = (list: unknown): boolean => isSeq(list) && list.items.length === 0

/** Where a route of the group in force stands in the file. */
export function placeOfRoute({ value }: Pick<ConfigView, 'value'>, group: string, route: string): string[] {
  if (Object.hasOwn(value.virtualrouter.routingGroups, group)) {
    return ['virtualrouter', 'routingGroups', group, 'routing', route]
  }
  return ['virtualrouter', 'routing', route]
}
