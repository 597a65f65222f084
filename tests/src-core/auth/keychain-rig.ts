import { createKeychain, type Keychain } from '../../../src-core/auth/keychain.ts'
import { keychainError } from '../../../src-core/auth/keychain-error.ts'
import type { KeychainCall } from '../../../src-core/auth/keychain-worker.ts'

export interface KeychainRig {
  keychain: Keychain
  entries: Map<string, string>
  calls: KeychainCall[]
  /** What the library says instead of doing it; undefined: it works. */
  says: (call: KeychainCall) => string | undefined
  /** A promise here holds every answer back. */
  before: Promise<void> | undefined
  /** What the clock says. */
  clock: number
}

/** The keychain as it is, with a library that keeps its entries in memory and can be told to fail. */
export function rigKeychain(options: { patienceMs?: number; entries?: Map<string, string> } = {}): KeychainRig {
  const { entries = new Map<string, string>(), patienceMs } = options
  async function ask(call: KeychainCall) {
    rig.calls.push(call)
    const said = rig.says(call)
    await rig.before
    if (said !== undefined) throw keychainError(said)
    if (call.type === 'get') return entries.get(call.entry)
    if (call.type === 'delete') return entries.delete(call.entry)
    entries.set(call.entry, call.value)
    return undefined
  }
  const rig: KeychainRig = {
    keychain: createKeychain({ process: { ask, close: () => {} }, patienceMs, now: () => rig.clock }),
    entries,
    calls: [],
    says: () => undefined,
    before: undefined,
    clock: 0,
  }
  return rig
}

export const locked = 'Secret Service: unlock prompt was dismissed'
