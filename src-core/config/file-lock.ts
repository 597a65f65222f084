import fs from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { hasCode } from './atomic-write.ts'

const staleAfterMs = 10_000

/** Does something while no other Patchbay with the same home does. A lock left behind by a crash is taken over. */
export async function withFileLock<T>(lock: string, action: () => Promise<T>): Promise<T> {
  await fs.mkdir(path.dirname(lock), { recursive: true, mode: 0o700 })
  await take(lock)
  const alive = setInterval(() => void stillHeld(lock), staleAfterMs / 4).unref()
  try {
    return await action()
  } finally {
    clearInterval(alive)
    await fs.rm(lock, { force: true })
  }
}

async function take(lock: string): Promise<void> {
  for (;;) {
    try {
      const handle = await fs.open(lock, 'wx', 0o600)
      await handle.close()
      return
    } catch (error) {
      if (!hasCode(error, 'EEXIST', 'EPERM')) throw error
      if (hasCode(error, 'EPERM') && process.platform !== 'win32') throw error
    }
    if (await isStale(lock)) await fs.rm(lock, { force: true })
    else await delay(25)
  }
}

/** However long the action takes, nobody takes the lock for one left behind. */
async function stillHeld(lock: string): Promise<void> {
  const now = new Date()
  await fs.utimes(lock, now, now).catch(() => {}) // somebody has removed it, and the action goes on all the same
}

async function isStale(lock: string): Promise<boolean> {
  try {
    return Math.abs(Date.now() - (await fs.stat(lock)).mtimeMs) > staleAfterMs
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
