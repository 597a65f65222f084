import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../config/atomic-write.ts'
import { expandHome } from '../config/paths.ts'
import { GatewayError } from '../model/error.ts'

/** Turns `env:NAME`, `file:PATH` or `keychain:NAME` into the value, at the moment it is used. */
export interface SecretReader {
  /** Throws `no-credential` with a sentence that says what is missing and how to set it; never the value. */
  resolve(reference: string): string | Promise<string>
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
        throw missing(`the file ${named} is far too large for a key`, 'Put the key alone into it.')
      const value = clean(bytes.toString('utf8'), `the file ${named}`)
      remembered.set(file, { lookedAt: now(), modifiedAt: modified, value })
      return value
    } catch (error) {
      remembered.delete(file)
      if (error instanceof GatewayError) throw error
      const what = hasCode(error, 'ENOENT', 'ENOTDIR')
        ? `there is no file ${named}`
        : `the file ${named} cannot be read`
      throw missing(what, 'Write the key into it, readable for you alone.', error)
    }
  }

  function handOut(value: string): string {
    handedOut.add(value)
    return value
  }

  function read(reference: string): string | Promise<string> {
    const colon = reference.indexOf(':')
    const name = reference.slice(colon + 1)
    switch (reference.slice(0, Math.max(colon, 0))) {
      case 'env': {
        const value = options.env[name]
        const hint = `Set it where Patchbay is started (export ${name}=…) and start Patchbay again.`
        if (typeof value !== 'string' || value.trim() === '')
          throw missing(`the environment variable ${name} is not set`, hint)
        return clean(value, `the environment variable ${name}`)
      }
      case 'file':
        return fromFile(name)
      case 'keychain':
        throw missing(
          `keychain:${name} cannot be read, because this build of Patchbay does not read the keychain yet`,
          'Use env:NAME or file:PATH in the config instead.',
        )
      default:
        throw missing('the config does not name a secret', 'Write "env:NAME" or "file:PATH".')
    }
  }

  return {
    resolve(reference) {
      const value = read(reference)
      return typeof value === 'string' ? handOut(value) : value.then(handOut)
    },
    inUse: () => handedOut,
  }
}

/** Whoever asked says for whom. */
function missing(what: string, hint: string, cause?: unknown): GatewayError {
  return new GatewayError('no-credential', `${what}. ${hint}`, { cause })
}

/** One line of visible text; anything else would tear the header it goes into. */
function clean(text: string, where: string): string {
  const value = text.replace(/^\uFEFF/, '').trim()
  if (value === '') throw missing(`${where} is empty`, 'Put the key into it.')
  if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(value)) {
    throw missing(`${where} holds more than a key`, 'It must be one line without special characters.')
  }
  return value
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
