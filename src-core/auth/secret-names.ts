import fs from 'node:fs/promises'
import { z } from 'zod'
import { atomicWrite, hasCode } from '../config/atomic-write.ts'
import { withFileLock } from '../config/file-lock.ts'
import { ConfigError } from '../config/problem.ts'

/**
 * The names of what lies in the keychain, and when each was set; no values. A file, because a keychain cannot be listed
 * safely (keytar's listing crashes on a locked one), because looking at it must not unlock anything, and because a
 * running gateway sees in it that another process has set a value.
 */
export interface SecretNames {
  read(): Promise<ReadonlyMap<string, string>>
  note(name: string, setAt: Date): Promise<void>
  /** False when it was not among them. */
  forget(name: string): Promise<boolean>
}

const content = z.object({ version: z.literal(1), names: z.record(z.string(), z.string()) })

export function createSecretNames(file: string): SecretNames {
  async function read(): Promise<Map<string, string>> {
    try {
      return new Map(Object.entries(content.parse(JSON.parse(await fs.readFile(file, 'utf8'))).names))
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) return new Map()
      const problem = { path: file, message: 'is not a list of names', hint: 'Remove it and set the secrets again.' }
      throw new ConfigError('invalid', [problem], cause)
    }
  }

  /** `how` says whether there is anything to write. */
  async function change(how: (names: Map<string, string>) => boolean): Promise<boolean> {
    try {
      return await withFileLock(`${file}.lock`, async () => {
        const names = await read()
        if (!how(names)) return false
        await atomicWrite(file, `${JSON.stringify({ version: 1, names: Object.fromEntries(names) }, undefined, 2)}\n`)
        return true
      })
    } catch (error) {
      if (error instanceof ConfigError) throw error
      const problem = { path: file, message: 'cannot be written', hint: 'Check the permissions of its folder.' }
      throw new ConfigError('unwritable', [problem], error)
    }
  }

  return {
    read,
    async note(name, setAt) {
      await change((names) => names.set(name, setAt.toISOString()).has(name))
    },
    forget: (name) => change((names) => names.delete(name)),
  }
}
