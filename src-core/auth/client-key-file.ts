import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../config/atomic-write.ts'
import { ConfigError } from '../config/problem.ts'

const shape = /^[\x21-\x7e]{8,512}$/

/** False when another start was quicker. The file appears whole: it is linked into place, never written there. */
export async function placeKey(file: string, key: string): Promise<boolean> {
  const temporary = `${file}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    await fs.writeFile(temporary, `${key}\n`, { flag: 'wx', mode: 0o600, flush: true })
    await fs.link(temporary, file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV')) throw cannotWrite(file, error)
  } finally {
    await fs.rm(temporary, { force: true })
  }
  return writeExclusively(file, key) // a disk without hard links
}

async function writeExclusively(file: string, key: string): Promise<boolean> {
  try {
    await fs.writeFile(file, `${key}\n`, { flag: 'wx', mode: 0o600, flush: true })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw cannotWrite(file, error)
  }
}

/** Undefined when there is none; made private when it is not. Throws a ConfigError when it holds anything else. */
export async function readKey(file: string): Promise<string | undefined> {
  let text: string
  try {
    text = await fs.readFile(file, 'utf8')
    await keepPrivate(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw unusable(file, 'cannot be read', 'Check its permissions.', error)
  }
  const key = text.trim()
  if (shape.test(key)) return key
  throw unusable(file, 'holds no client key', 'Remove the file; the next start makes a new key.')
}

async function keepPrivate(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await fs.stat(file)
  if ((mode & 0o077) !== 0) await fs.chmod(file, 0o600)
}

export function cannotWrite(file: string, cause: unknown): ConfigError {
  return unusable(file, 'cannot be written', 'Check the permissions, or set PATCHBAY_HOME to a folder of yours.', cause)
}

export function unusable(file: string, message: string, hint: string, cause?: unknown): ConfigError {
  return new ConfigError('unwritable', [{ path: file, message, hint }], cause)
}
