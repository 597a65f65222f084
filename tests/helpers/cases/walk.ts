export interface Visit {
  key: string | undefined
  value: unknown
  /** The list or object it stands in. */
  parent: unknown
}

/** Every value at any depth, the whole first. */
export function* walk(value: unknown, key?: string, parent?: unknown): Generator<Visit> {
  yield { key, value, parent }
  if (Array.isArray(value)) for (const item of value) yield* walk(item, key, value)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) yield* walk(inner, name, value)
  }
}

export function textsIn(value: unknown): string[] {
  return [...walk(value)].map((visit) => visit.value).filter((found) => typeof found === 'string')
}
