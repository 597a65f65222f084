import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../config/atomic-write.ts'
import { patchbayHome, type Surroundings } from '../config/paths.ts'
import type { KeychainBackendName } from '../config/schema.ts'
import { createKeychain, type Keychain } from './keychain.ts'
import { KeychainError } from './keychain-error.ts'
import { createKeychainProcess } from './keychain-process.ts'

/** The keychain of this user, for this home. Nothing is asked of it yet. */
export async function openKeychain(
  around: Surroundings,
  backend: KeychainBackendName,
  patienceMs?: number,
): Promise<Keychain> {
  const because = await unreachableBecause(around)
  if (because) return createKeychain({ process: undefined, unreachable: new KeychainError('unavailable', because) })
  const process = createKeychainProcess({ backend, service: serviceOf(around), env: around.env })
  return createKeychain({ process, patienceMs })
}

/** Where there cannot be one, no library needs to be asked. */
async function unreachableBecause({ env, platform }: Surroundings): Promise<string | undefined> {
  if (env.PATCHBAY_KEYCHAIN === 'off') return 'PATCHBAY_KEYCHAIN=off turns the keychain off'
  if (platform !== 'linux' || env.DBUS_SESSION_BUS_ADDRESS) return undefined
  if (env.XDG_RUNTIME_DIR && (await exists(path.join(env.XDG_RUNTIME_DIR, 'bus')))) return undefined
  return 'there is no D-Bus session to reach the keychain by'
}

async function exists(file: string): Promise<boolean> {
  try {
    await fs.stat(file)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false
    throw error
  }
}

/** A keychain is the user's and not the folder's: each home has entries of its own. */
function serviceOf(around: Surroundings): string {
  const home = patchbayHome(around)
  const usual = patchbayHome({ ...around, env: { ...around.env, PATCHBAY_HOME: undefined } })
  return home === usual ? 'Patchbay' : `Patchbay (${home})`
}
