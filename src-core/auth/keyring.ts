import { AsyncEntry } from '@napi-rs/keyring'
import type { KeychainBackend } from './keychain-backend.ts'

/**
 * The default. Pinned to the Secret Service on Linux: unpinned it may take the kernel's keyring without a word, which
 * forgets at reboot. Bytes and not text, because Windows would write text as UTF-16 and hold half as much.
 */
export function createKeyring(service: string): KeychainBackend {
  // the constructor itself waits for the bus
  const entryOf = (entry: string) => new AsyncEntry(service, entry, { linux: { store: 'secret-service' } })
  return {
    async get(entry) {
      const bytes = await entryOf(entry).getSecret()
      return bytes === null ? undefined : Buffer.from(bytes).toString('utf8')
    },
    set: async (entry, value) => entryOf(entry).setSecret(Buffer.from(value, 'utf8')),
    delete: async (entry) => entryOf(entry).deleteCredential(),
  }
}
