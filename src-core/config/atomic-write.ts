import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Writes a whole file or nothing: a temporary file beside it, flushed, then renamed over it. The mode of an existing
 * file is kept; a link stays a link and what it points at is written.
 */
export async function atomicWrite(file: string, text: string, modeWhenNew = 0o600): Promise<void> {
  const target = await behindLinks(file)
  const mode = await modeOf(target)
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const handle = await fs.open(temporary, 'wx', mode ?? modeWhenNew)
    try {
      await handle.writeFile(text, 'utf8')
      if (mode !== undefined) await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await renameOver(temporary, target)
  } catch (error) {
    await fs.rm(temporary, { force: true })
    throw error
  }
}

async function behindLinks(file: string): Promise<string> {
  let at = path.resolve(file)
  for (let links = 0; links < 40; links++) {
    try {
      at = path.resolve(path.dirname(at), await fs.readlink(at))
    } catch (error) {
      if (hasCode(error, 'EINVAL', 'ENOENT', 'UNKNOWN')) return at // no link, or nothing there yet
      throw error
    }
  }
  throw new Error(`${file} is a link that leads in a circle`)
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await fs.stat(file)).mode & 0o7777
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** On Windows a reader, a virus scanner for one, blocks a rename for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fs.rename(from, to)
      return
    } catch (error) {
      if (attempt >= 8 || !hasCode(error, 'EPERM', 'EACCES', 'EBUSY') || process.platform !== 'win32') throw error
      await delay(20 * attempt)
    }
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
