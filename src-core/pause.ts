/** Whether clients are turned away for now. Nothing remembers it over a restart. */
export interface Pause {
  on(): boolean
  set(on: boolean): void
  /** Returns what ends the listening. */
  subscribe(listener: () => void): () => void
}

export function createPause(): Pause {
  const listeners = new Set<() => void>()
  let paused = false
  return {
    on: () => paused,
    set(on) {
      if (on === paused) return
      paused = on
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
