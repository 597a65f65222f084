export interface BoundedStoreOptions {
  maxEntries: number
  maxBytes: number
  ttlMs: number
  now(): number
}

/** What is remembered in memory only, and not for long: the least recently used leaves first. */
export interface BoundedStore<Value> {
  isEmpty(): boolean
  /** `bytes`: what it weighs, as near as is known; what is heavier than all there is room for is not kept. */
  set(key: string, value: Value, bytes: number): void
  get(key: string): Value | undefined
}

export function createBoundedStore<Value>(options: BoundedStoreOptions): BoundedStore<Value> {
  const { maxEntries, maxBytes, ttlMs, now } = options
  const entries = new Map<string, { value: Value; bytes: number; until: number }>()
  let total = 0

  const forget = (key: string) => {
    total -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }

  return {
    isEmpty: () => entries.size === 0,
    set(key, value, bytes) {
      if (bytes > maxBytes) return
      forget(key)
      entries.set(key, { value, bytes, until: now() + ttlMs })
      total += bytes
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && total <= maxBytes) break
        forget(oldest)
      }
    },
    get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      if (entry.until <= now()) {
        forget(key)
        return undefined
      }
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
  }
}
