/** The last `capacity` things, no more. */
export interface Ring<T> {
  push(item: T): void
  newestFirst(): T[]
}

export function createRing<T>(capacity: number): Ring<T> {
  const items: T[] = []
  let next = 0
  return {
    push(item) {
      items[next] = item
      next = (next + 1) % capacity
    },
    newestFirst: () => [...items.slice(next), ...items.slice(0, next)].reverse(),
  }
}
