import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import { hasCode } from './atomic-write.ts'
import { ConfigError, type Problem } from './problem.ts'

/** The config file as text, its fingerprint, and what can be wrong with it before anything is read in it. */

export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** Undefined when there is no such file. */
export async function readText(file: string): Promise<string | undefined> {
  let bytes: Buffer
  try {
    bytes = await fs.readFile(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    const message = hasCode(error, 'EISDIR') ? 'is a folder, not a file' : `cannot be read (${codeOf(error)})`
    throw new ConfigError('missing', [{ path: file, message, hint: 'Check the path and its permissions.' }], error)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new ConfigError('invalid', [{ path: file, message: 'is not UTF-8 text', hint: 'Save it as UTF-8.' }], error)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

export function goneProblem(file: string): Problem {
  return {
    path: file,
    message: 'the file is gone',
    hint: 'The last config stays in force; put the file back or restart.',
  }
}

export function changedProblem(file: string): Problem {
  return { path: file, message: 'the file was changed since it was read', hint: 'Read it again and repeat the change.' }
}

export function unwritable(file: string, error: unknown): ConfigError {
  const message = `cannot be written (${codeOf(error)})`
  return new ConfigError(
    'unwritable',
    [{ path: file, message, hint: 'Check the permissions and the space left.' }],
    error,
  )
}
