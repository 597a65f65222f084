import fs from 'node:fs/promises'
import type { z } from 'zod'
import { atomicWrite, hasCode } from '../config/atomic-write.ts'
import { withFileLock } from '../config/file-lock.ts'
import { ConfigError } from '../config/problem.ts'

/** A small file of Patchbay's own that several processes may change: one at a time, and whole or not at all. */
export interface JsonFile<Value> {
  /** `empty` when there is no such file. Throws a ConfigError when it holds anything else. */
  read(): Promise<Value>
  /** `how` changes the value it is given and says whether that is to be written. */
  change(how: (value: Value) => boolean): Promise<boolean>
}

export interface JsonFileOptions<Value> {
  file: string
  content: z.ZodType<Value>
  empty(): Value
  /** `is not a list of names`, and what to do then. */
  unreadable: { message: string; hint: string }
}

export function createJsonFile<Value>({ file, content, empty, unreadable }: JsonFileOptions<Value>): JsonFile<Value> {
  async function read(): Promise<Value> {
    try {
      return content.parse(JSON.parse(await fs.readFile(file, 'utf8')))
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) return empty()
      throw new ConfigError('invalid', [{ path: file, ...unreadable }], cause)
    }
  }

  return {
    read,
    async change(how) {
      try {
        return await withFileLock(`${file}.lock`, async () => {
          const value = await read()
          if (!how(value)) return false
          await atomicWrite(file, `${JSON.stringify(value, undefined, 2)}\n`)
          return true
        })
      } catch (error) {
        if (error instanceof ConfigError) throw error
        const problem = { path: file, message: 'cannot be written', hint: 'Check the permissions of its folder.' }
        throw new ConfigError('unwritable', [problem], error)
      }
    },
  }
}
