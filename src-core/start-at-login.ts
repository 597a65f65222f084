/** Whether Patchbay starts when its user logs in. Only the installed desktop app can see to it. */
export interface StartAtLogin {
  /** undefined where nobody can, or before it is known. */
  on(): boolean | undefined
  set(on: boolean): Promise<void>
  /** Returns what ends the listening. */
  subscribe(listener: () => void): () => void
}

/** How this system does it. */
export interface Autostart {
  on(): Promise<boolean>
  set(on: boolean): Promise<void>
}

export function createStartAtLogin(autostart: Autostart | undefined, failed: (thrown: unknown) => void): StartAtLogin {
  const listeners = new Set<() => void>()
  let known: boolean | undefined

  async function look(): Promise<void> {
    known = await autostart?.on()
    for (const listener of listeners) listener()
  }

  if (autostart) look().catch(failed)
  return {
    on: () => known,
    async set(on) {
      await autostart?.set(on)
      // what the system says, not what it was told
      await look()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
