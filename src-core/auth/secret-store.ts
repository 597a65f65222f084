import { watchFile } from '../config/watch-file.ts'
import type { Keychain, KeychainStatus } from './keychain.ts'
import { KeychainError } from './keychain-error.ts'
import type { SecretNames } from './secret-names.ts'
import { cleanSecret } from './secret-value.ts'

/** The user's secrets by name: in the system's keychain, read once and kept in memory. */
export interface SecretStore {
  /** At once when it has been read before. Undefined: not stored. Rejects with a KeychainError. */
  get(name: string): string | undefined | Promise<string | undefined>
  /** What the keychain itself has now, whatever counts for this run: another process may just have set another. */
  getAnew(name: string): Promise<string | undefined>
  /** Where no keychain takes it, it counts until this process ends. Rejects what is not one line of text. */
  set(name: string, text: string, patienceMs?: number): Promise<Stored>
  /** False when there was none. Rejects with a KeychainError. */
  delete(name: string): Promise<boolean>
  /** Asks no keychain. */
  list(): Promise<string[]>
  status(): Promise<KeychainStatus>
  /** Called with the names whose value is another now, set here or by another process. */
  subscribe(listener: (names: string[]) => void): () => void
  close(): void
}

export type Stored = { kept: 'keychain' } | { kept: 'this run'; because: KeychainError }

export interface SecretStoreOptions {
  keychain: Pick<Keychain, 'read' | 'write' | 'remove' | 'status'>
  names: SecretNames
  /** The file behind `names`: when another process changes it, what is remembered is read again. */
  watch?: string
  now: () => Date
  /** The names could not be read when they changed. */
  failed: (thrown: unknown) => void
}

/** A user who stores something may have a prompt to answer first. */
const usersPatienceMs = 60_000

export function createSecretStore(options: SecretStoreOptions): SecretStore {
  const { keychain, names, now } = options
  /** What the keychain said; undefined is an answer too. */
  const remembered = new Map<string, string | undefined>()
  const thisRun = new Map<string, string>()
  const reading = new Map<string, Promise<string | undefined>>()
  const listeners = new Set<(names: string[]) => void>()
  let seen: ReadonlyMap<string, string> | undefined
  let watcher: { close(): void } | undefined
  let following: Promise<void> | undefined

  function changed(names: string[]): void {
    for (const name of names) {
      remembered.delete(name)
      reading.delete(name)
    }
    if (names.length > 0) for (const listener of [...listeners]) listener(names)
  }

  async function look(): Promise<void> {
    try {
      const before = seen
      seen = await names.read()
      if (before) changed(differing(before, seen))
    } catch (error) {
      options.failed(error)
    }
  }

  async function follow(): Promise<void> {
    if (options.watch) watcher = watchFile(options.watch, () => void look())
    await look()
  }

  function read(name: string): Promise<string | undefined> {
    following ??= follow()
    const mine: Promise<string | undefined> = following
      .then(() => keychain.read(name))
      .then((value) => {
        if (reading.get(name) === mine) remembered.set(name, value) // else it has been set meanwhile
        return value
      })
    reading.set(name, mine)
    const done = () => {
      if (reading.get(name) === mine) reading.delete(name)
    }
    mine.then(done, done)
    return mine
  }

  return {
    get(name) {
      if (thisRun.has(name)) return thisRun.get(name)
      if (remembered.has(name)) return remembered.get(name)
      return reading.get(name) ?? read(name)
    },
    getAnew: read,
    async set(name, text, patienceMs = usersPatienceMs) {
      const value = cleanSecret(text, 'what was given')
      try {
        await keychain.write(name, value, patienceMs)
      } catch (error) {
        if (!(error instanceof KeychainError)) throw error
        thisRun.set(name, value)
        changed([name])
        return { kept: 'this run', because: error }
      }
      thisRun.delete(name)
      changed([name])
      remembered.set(name, value)
      await names.note(name, now())
      return { kept: 'keychain' }
    },
    async delete(name) {
      const wasHere = thisRun.delete(name)
      let [wasThere, wasListed] = [false, false]
      try {
        wasThere = await keychain.remove(name, usersPatienceMs)
        wasListed = await names.forget(name)
      } catch (error) {
        if (!wasHere || !(error instanceof KeychainError)) throw error
      }
      changed([name])
      return wasHere || wasThere || wasListed
    },
    list: async () => [...new Set([...(await names.read()).keys(), ...thisRun.keys()])].sort(),
    status: keychain.status,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => watcher?.close(),
  }
}

/** Set, set anew or gone between two looks. */
function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name))
}
