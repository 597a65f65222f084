import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../config/atomic-write.ts'
import { fileError } from './connect-error.ts'
import type { TextFile } from './text-file.ts'

const kept = 10

/** Copies a file beside itself with the time in its name, for the owner alone; older copies beyond ten go. */
export async function backUp(file: TextFile, now: Date): Promise<string | undefined> {
  if (file.text === undefined) return undefined
  const prefix = `${file.realPath}.patchbay-backup-`
  const stamp = now.toISOString().replaceAll(':', '-')
  try {
    const backup = await writeNew(prefix + stamp, file.text, file.mode)
    const folder = path.dirname(file.realPath)
    const name = path.basename(prefix)
    const older = (await fs.readdir(folder)).filter((entry) => entry.startsWith(name)).sort()
    for (const entry of older.slice(0, -kept)) await fs.rm(path.join(folder, entry), { force: true })
    return backup
  } catch (cause) {
    throw fileError('back up', file.path, cause)
  }
}

async function writeNew(wanted: string, text: string, mode: number): Promise<string> {
  for (let count = 0; ; count++) {
    const candidate = count === 0 ? wanted : `${wanted}-${String(count).padStart(2, '0')}`
    try {
      await fs.writeFile(candidate, text, { flag: 'wx', mode: mode & 0o600 })
      return candidate
    } catch (cause) {
      if (!hasCode(cause, 'EEXIST') || count === 99) throw cause
    }
  }
}
