import { GatewayError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'

/** Far deeper than any schema or argument; far less deep than what would exhaust the stack. */
const levels = 500

/** Refuses what was nested to hurt, before anything walks it. */
export function refuseDeepNesting(value: Json | undefined, left = levels): void {
  if (typeof value !== 'object' || value === null) return
  if (left === 0) throw new GatewayError('bad-request', `The request is nested more than ${levels} levels deep.`)
  for (const member of Array.isArray(value) ? value : Object.values(value)) refuseDeepNesting(member, left - 1)
}
