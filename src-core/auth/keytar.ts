import keytar from 'keytar'
import type { KeychainBackend } from './keychain-backend.ts'

/**
 * The second backend, for who has asked for it and installed it. Its findCredentials is never called: on a locked
 * keyring that ends the process. A locked keyring looks empty here; keychain.ts does not believe it.
 */
export function createKeytar(service: string): KeychainBackend {
  return {
    get: async (entry) => (await keytar.getPassword(service, entry)) ?? undefined,
    set: async (entry, value) => keytar.setPassword(service, entry, value),
    delete: async (entry) => keytar.deletePassword(service, entry),
  }
}
