/** Has its place in one roster at most; -1 while it has none. Nobody but the roster writes it. */
export interface Listed {
  place: number
}

/**
 * What is under way at this moment, to be looked through now and then. A `Set` would do, were it not for the garbage
 * collector: each time a Set grows full of deleted entries it moves to a new table, and the old tables, long dead, form
 * a chain that keeps every entry they ever held until the next full collection. An array leaves nothing behind.
 */
export interface Roster<T extends Listed> extends Iterable<T> {
  add(one: T): void
  remove(one: T): void
  readonly size: number
}

export function createRoster<T extends Listed>(): Roster<T> {
  const all: T[] = []
  return {
    add(one) {
      if (one.place >= 0) return
      one.place = all.length
      all.push(one)
    },
    remove(one) {
      const { place } = one
      if (place < 0) return
      const last = all.pop()!
      if (last !== one) {
        all[place] = last
        last.place = place
      }
      one.place = -1
    },
    get size() {
      return all.length
    },
    /** A copy, for what is looked at may leave. */
    [Symbol.iterator]: () => [...all][Symbol.iterator](),
  }
}
