import { GatewayError } from '../model/error.ts'

/** Far deeper than any schema or argument; far less deep than what would exhaust the stack. */
const levels = 500

/** Whether a value was nested to hurt whoever walks it. */
export function isTooDeep(value: unknown, left = levels): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (left === 0) return true
  for (const member of Array.isArray(value) ? value : Object.values(value)) if (isTooDeep(member, left - 1)) return true
  return false
}

export function refuseDeepNesting(value: unknown): void {
  if (isTooDeep(value)) throw new GatewayError('bad-request', `The request is nested more than ${levels} levels deep.`)
}
