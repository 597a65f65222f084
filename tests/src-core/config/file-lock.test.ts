import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { withFileLock } from '../../../src-core/config/file-lock.ts'

let lock: string

beforeEach(async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'patchbay-lock-'))
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }))
  lock = path.join(folder, 'below', 'one.lock')
})

const age = async () => Date.now() - (await fs.stat(lock)).mtimeMs
const backdate = () => fs.utimes(lock, new Date(0), new Date(0))

test('one after the other, and nothing is left behind', async () => {
  const done: string[] = []
  const one = withFileLock(lock, async () => {
    await new Promise(setImmediate)
    done.push('one')
  })
  await Promise.all([one, withFileLock(lock, async () => void done.push('other'))])
  expect(done.sort()).toEqual(['one', 'other'])
  await expect(fs.stat(lock)).rejects.toThrow()
})

test('what was left behind by a crash is taken over', async () => {
  await fs.mkdir(path.dirname(lock))
  await fs.writeFile(lock, '')
  await backdate()
  expect(await withFileLock(lock, async () => 'mine')).toBe('mine')
})

test('a lock is kept young while its action goes on, however long that takes', async () => {
  await withFileLock(lock, async () => {
    await backdate()
    await vi.waitFor(async () => expect(await age()).toBeLessThan(10_000), 20_000)
  })
})
