import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../config/atomic-write.ts'
import { expandHome } from '../config/paths.ts'
import { GatewayError } from '../model/error.ts'
import { KeychainError } from './keychain-error.ts'
import type { SecretStore } from './secret-store.ts'
import { cleanSecret, noSecret } from './secret-value.ts'

/** Turns `env:NAME`, `file:PATH` or `keychain:NAME` into the value, at the moment it is used. */
export interface SecretReader {
  /** Throws `no-credential` with a sentence that says what is missing and how to set it; never the value. */
  resolve(reference: string): string | Promise<string>
  /** What was missing when it was last wanted, in words. */
  missing(reference: string): string | undefined
  /** It may be there now. */
  forget(reference: string): void
  /** Every value handed out so far: what must never be written anywhere. */
  inUse(): Iterable<string>
}

export interface SecretReaderOptions {
  /** Read at each use. */
  env: Readonly<Record<string, string | undefined>>
  /** What `~/` in a path stands for. */
  userHome: string
  /** What a relative path starts from: the folder of the config. */
  folder: string
  keychain: Pick<SecretStore, 'get'>
  now?: () => number
  readFile?: (file: string) => Promise<Buffer>
  modifiedAt?: (file: string) => Promise<number>
}

const largestFile = 64 * 1024
/** A file is looked at again at most this often. */
const lookEveryMs = 1000

interface Remembered {
  lookedAt: number
  modifiedAt: number
  value: string
}

export function createSecretReader(options: SecretReaderOptions): SecretReader {
  const now = options.now ?? Date.now
  const readFile = options.readFile ?? readSmallFile
  const modifiedAt = options.modifiedAt ?? (async (file: string) => (await fs.stat(file)).mtimeMs)
  const remembered = new Map<string, Remembered>()
  const handedOut = new Set<string>()
  const missing = new Map<string, string>()

  async function fromFile(named: string): Promise<string> {
    const file = path.resolve(options.folder, expandHome(named, options.userHome))
    const known = remembered.get(file)
    if (known && Math.abs(now() - known.lookedAt) < lookEveryMs) return known.value
    try {
      const modified = await modifiedAt(file)
      if (known && known.modifiedAt === modified) {
        known.lookedAt = now()
        return known.value
      }
      const bytes = await readFile(file)
      if (bytes.length > largestFile)
        throw noSecret(`the file ${named} is far too large for a key`, 'Put the key alone into it.')
      const value = cleanSecret(bytes.toString('utf8'), `the file ${named}`)
      remembered.set(file, { lookedAt: now(), modifiedAt: modified, value })
      return value
    } catch (error) {
      remembered.delete(file)
      if (error instanceof GatewayError) throw error
      const what = hasCode(error, 'ENOENT', 'ENOTDIR')
        ? `there is no file ${named}`
        : `the file ${named} cannot be read`
      throw noSecret(what, 'Write the key into it, readable for you alone.', error)
    }
  }

  function fromKeychain(name: string): string | Promise<string> {
    const value = options.keychain.get(name)
    if (typeof value === 'string') return value
    return Promise.resolve(value).then(
      (read) => {
        if (read !== undefined) return read
        throw noSecret(`keychain:${name} is not stored`, `Store it with: npm run secret -- set ${name}`)
      },
      (error: unknown) => {
        if (!(error instanceof KeychainError)) throw error
        throw noSecret(`keychain:${name} cannot be read, because ${error.message}`, error.hint, error)
      },
    )
  }

  function handOut(reference: string, value: string): string {
    handedOut.add(value)
    if (missing.size > 0) missing.delete(reference)
    return value
  }

  function handOutNothing(reference: string, thrown: unknown): never {
    if (thrown instanceof GatewayError) missing.set(reference, thrown.message)
    throw thrown
  }

  function read(reference: string): string | Promise<string> {
    const colon = reference.indexOf(':')
    const name = reference.slice(colon + 1)
    switch (reference.slice(0, Math.max(colon, 0))) {
      case 'env': {
        const value = options.env[name]
        const hint = `Set it where Patchbay is started (export ${name}=…) and start Patchbay again.`
        if (typeof value !== 'string' || value.trim() === '')
          throw noSecret(`the environment variable ${name} is not set`, hint)
        return cleanSecret(value, `the environment variable ${name}`)
      }
      case 'file':
        return fromFile(name)
      case 'keychain':
        return fromKeychain(name)
      default:
        throw noSecret('the config does not name a secret', 'Write "keychain:NAME", "env:NAME" or "file:PATH".')
    }
  }

  return {
    resolve(reference) {
      try {
        const value = read(reference)
        if (typeof value === 'string') return handOut(reference, value)
        return value.then(
          (later) => handOut(reference, later),
          (thrown: unknown) => handOutNothing(reference, thrown),
        )
      } catch (thrown) {
        return handOutNothing(reference, thrown)
      }
    },
    missing: (reference) => missing.get(reference),
    forget: (reference) => void missing.delete(reference),
    inUse: () => handedOut,
  }
}

async function readSmallFile(file: string): Promise<Buffer> {
  const handle = await fs.open(file, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(largestFile + 1), 0, largestFile + 1, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
