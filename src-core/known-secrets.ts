import { openKeychain } from './auth/open-keychain.ts'
import { createSecretNames } from './auth/secret-names.ts'
import { createSecretStore, type SecretStore } from './auth/secret-store.ts'
import { parseConfig } from './config/parse.ts'
import { patchbayHome, pathsIn, type Surroundings } from './config/paths.ts'
import { readDocument } from './config/read-document.ts'
import type { KeychainBackendName } from './config/schema.ts'
import { usersOfSecret } from './config/views.ts'
import { readConfig } from './known-gateway.ts'
import { isObject } from './model/json.ts'
import { loadProfiles } from './providers/service-profile.ts'

/** The secrets, without starting the gateway. One that runs counts what is changed here from its next request. */
export interface KnownSecrets extends Pick<SecretStore, 'set' | 'delete' | 'list'> {
  /** The credentials the config gives it to; undefined when the config has problems. */
  usersOf(name: string): string[] | undefined
  close(): void
}

/** Works with a config that has problems: a secret written into it is one, and this is the way to put it right. */
export async function knownSecrets(around: Surroundings, configFile?: string): Promise<KnownSecrets> {
  const paths = pathsIn(patchbayHome(around))
  const text = await readConfig(configFile ?? paths.config, configFile !== undefined)
  const { profiles } = await loadProfiles({ folder: paths.profiles })
  const parsed = text === undefined ? undefined : parseConfig(text, { knownProfiles: profiles })
  const keychain = await openKeychain(around, backendIn(text ?? ''))
  const store = createSecretStore({
    keychain,
    names: createSecretNames(paths.secretNames),
    now: () => new Date(),
    failed: () => {}, // nothing is watched
  })
  return {
    set: store.set,
    delete: store.delete,
    list: store.list,
    usersOf(name) {
      if (parsed === undefined) return []
      return 'config' in parsed ? usersOfSecret(parsed.config, name) : undefined
    },
    close: keychain.close,
  }
}

function backendIn(text: string): KeychainBackendName {
  const read = readDocument(text)
  const value = 'value' in read && isObject(read.value) ? read.value.secrets : undefined
  return isObject(value) && value.backend === 'keytar' ? 'keytar' : 'keyring'
}
