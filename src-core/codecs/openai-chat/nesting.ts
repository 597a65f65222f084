/** Far deeper than any schema or argument; far less deep than what would exhaust the stack. */
const levels = 200

export function isTooDeep(value: unknown, left = levels): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (left === 0) return true
  if (Array.isArray(value)) {
    for (const item of value) if (isTooDeep(item, left - 1)) return true
    return false
  }
  for (const item of Object.values(value)) if (isTooDeep(item, left - 1)) return true
  return false
}
