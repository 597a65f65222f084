/** Objects are subsets, arrays have equal length, the rest is equal. Gives the first path that is not so. */
export function partialMismatch(actual: unknown, wanted: unknown, at = ''): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(actual)) return `${at || 'the value'} is no list: ${brief(actual)}`
    if (actual.length !== wanted.length)
      return `${at} has ${actual.length} items, not ${wanted.length}: ${brief(actual)}`
    return first(wanted.map((item, index) => partialMismatch(actual[index], item, `${at}[${index}]`)))
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) {
      return `${at || 'the value'} is no object: ${brief(actual)}`
    }
    const has = actual as Record<string, unknown>
    return first(
      Object.entries(wanted).map(([key, value]) => partialMismatch(has[key], value, at ? `${at}.${key}` : key)),
    )
  }
  return Object.is(actual, wanted) ? undefined : `${at || 'the value'} is ${brief(actual)}, not ${brief(wanted)}`
}

/** Deep equality of JSON values; key order does not count. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => sameJson(item, right[index]))
  }
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null) {
    const keys = Object.keys(left)
    if (keys.length !== Object.keys(right).length) return false
    return keys.every(
      (key) =>
        Object.hasOwn(right, key) &&
        sameJson((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
    )
  }
  return Object.is(left, right)
}

export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

function first(problems: (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined)
}
