import { createRequire } from 'node:module'
import type { KeychainBackend } from './keychain-backend.ts'

/** What of it is used. An optional peer: it may be missing, and its own types with it. */
interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}

/**
 * The second backend, for who has asked for it and installed it: here, or anywhere NODE_PATH names. Its findCredentials
 * is never called: on a locked keyring that ends the process. A locked keyring looks empty here; keychain.ts does not
 * believe it.
 */
export function createKeytar(service: string): KeychainBackend {
  const keytar = createRequire(import.meta.url)('keytar') as Keytar
  return {
    get: async (entry) => (await keytar.getPassword(service, entry)) ?? undefined,
    set: async (entry, value) => keytar.setPassword(service, entry, value),
    delete: async (entry) => keytar.deletePassword(service, entry),
  }
}
