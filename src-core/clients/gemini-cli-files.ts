import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../config/atomic-write.ts'
import { fileError } from './connect-error.ts'

interface Place {
  home: string
  environment: Readonly<Record<string, string | undefined>>
}

export function geminiCliHome({ home, environment }: Place): string {
  return path.resolve(environment.GEMINI_CLI_HOME || home)
}

/** The two files of the user's own that the CLI reads in every folder. */
export function geminiCliFiles(place: Place): { settings: string; env: string } {
  const folder = path.join(geminiCliHome(place), '.gemini')
  return { settings: path.join(folder, 'settings.json'), env: path.join(folder, '.env') }
}

/** Every `.env` the CLI looks for, in its order; it reads the first that exists and no other. */
export function envSearchOrder(place: Place & { workingDirectory: string }): string[] {
  const order: string[] = []
  let folder = path.resolve(place.workingDirectory)
  for (;;) {
    order.push(path.join(folder, '.gemini', '.env'), path.join(folder, '.env'))
    const parent = path.dirname(folder)
    if (parent === folder) break
    folder = parent
  }
  const home = geminiCliHome(place)
  return [...new Set([...order, path.join(home, '.gemini', '.env'), path.join(home, '.env')])]
}

export async function exists(filePath: string): Promise<boolean> {
  try {
    await fs.access(filePath)
    return true
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR', 'EACCES')) return false
    throw fileError('look for', filePath, cause)
  }
}
