import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { atomicWrite, hasCode } from '../config/atomic-write.ts'
import { withFileLock } from '../config/file-lock.ts'
import { cannotWrite, placeKey, readKey, unusable } from './client-key-file.ts'
import type { Keychain } from './keychain.ts'
import { KeychainError } from './keychain-error.ts'

export interface ClientKey {
  /** What clients are given. */
  key: string
  accepts(given: string): boolean
  /** All that are known by now: what must never be written anywhere. */
  known: readonly string[]
  warning?: string
}

export interface ClientKeyOptions {
  /** `$PATCHBAY_HOME/state/client-key` */
  file: string
  keychain: Pick<Keychain, 'read' | 'write'>
  random?: (bytes: number) => Buffer
}

/** In the keychain; with a space, so that no secret of the user's has its name. */
const entry = 'client key'

/**
 * The key clients show. Made at first start, the same ever after; starts at the same moment agree on one. It lies in the
 * keychain, into which a key in the file moves, and in the file only while no keychain takes it. Beside it lies its
 * fingerprint: by that, clients are known again on a day the keychain stays shut.
 */
export async function createClientKey({ file, keychain, random = randomBytes }: ClientKeyOptions): Promise<ClientKey> {
  // the same for keychain and file: a write nobody waited for may still go through
  let made: string | undefined
  const fresh = () => {
    made ??= `pb-${random(32).toString('base64url')}`
    return made
  }
  const fingerprintFile = `${file}.sha256`
  try {
    const key = (await keychain.read(entry)) ?? (await moveIn())
    await keepFingerprint(fingerprintFile, fingerprintOf(key))
    const second = await readKey(file)
    if (second === undefined || second === key) {
      await fs.rm(file, { force: true })
      return known([key])
    }
    const warning = `Two client keys count: one in the keychain, one in ${file}. Remove the file to end the second.`
    return known([key, second], warning)
  } catch (error) {
    if (error instanceof KeychainError) return inFile(error)
    throw isDiskError(error) ? cannotWrite(file, error) : error
  }

  function moveIn(): Promise<string> {
    return withFileLock(`${file}.lock`, async () => {
      const quicker = await keychain.read(entry)
      if (quicker !== undefined) return quicker
      const key = (await readKey(file)) ?? fresh()
      await keychain.write(entry, key)
      if ((await keychain.read(entry)) === key) return key
      throw new KeychainError('unavailable', 'the keychain does not give back what it was given')
    })
  }

  async function inFile({ message }: KeychainError): Promise<ClientKey> {
    if ((await readKey(file)) === undefined) await placeKey(file, fresh())
    const key = await readKey(file)
    if (key === undefined) throw unusable(file, 'was removed while Patchbay started', 'Start Patchbay again.')
    const fingerprint = await readFingerprint(fingerprintFile)
    if (fingerprint === undefined || fingerprint === fingerprintOf(key)) {
      return known([key], `The client key is kept in ${file}, readable for you alone, because ${message}.`)
    }
    const warning = `The client key in the keychain counts, but cannot be shown, because ${message}. Until then the one in ${file} counts too.`
    return known([key], warning, fingerprint)
  }
}

function known(keys: string[], warning?: string, fingerprint?: string): ClientKey {
  return {
    key: keys[0]!,
    known: keys,
    warning,
    accepts(given) {
      if (keys.some((key) => sameKey(given, key))) return true
      if (fingerprint === undefined || !sameKey(fingerprintOf(given), fingerprint)) return false
      keys.push(given)
      return true
    },
  }
}

const isDiskError = (error: unknown): boolean => error instanceof Error && 'syscall' in error

/** What a key is known by where it is not kept itself. */
export const fingerprintOf = (key: string): string => createHash('sha256').update(key).digest('hex')

async function readFingerprint(file: string): Promise<string | undefined> {
  try {
    return (await fs.readFile(file, 'utf8')).trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw unusable(file, 'cannot be read', 'Check its permissions.', error)
  }
}

async function keepFingerprint(file: string, fingerprint: string): Promise<void> {
  if ((await readFingerprint(file)) === fingerprint) return
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await atomicWrite(file, `${fingerprint}\n`)
}

/** Takes the same time wherever two keys of one length differ. */
export function sameKey(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)]
  if (left.length !== right.length) {
    timingSafeEqual(right, right)
    return false
  }
  return timingSafeEqual(left, right)
}
