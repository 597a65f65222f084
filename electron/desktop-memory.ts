import fs from 'node:fs/promises'
import path from 'node:path'
import type { ToldAccounts } from './account-notices.ts'

/** What the shell remembers of its window and of what it has said. No setting of the gateway. */
export interface Remembered {
  bounds?: { x: number; y: number; width: number; height: number }
  /** It was said that this desktop shows no tray icons. */
  toldNoTray?: boolean
  /** Which accounts a notification was about, and when. */
  toldAccounts?: ToldAccounts
  /** The window's, as it said last. */
  language?: string
}

export interface DesktopMemory {
  current(): Remembered
  /** Kept at once for this run, and in the file for the next. */
  remember(more: Remembered): Promise<void>
  /** Resolves when all that is to be kept has been written, or could not be. */
  written(): Promise<void>
}

/** A file that is not there or is torn counts as empty: it holds nothing anybody would miss. */
export async function openDesktopMemory(file: string): Promise<DesktopMemory> {
  let current = await read(file)
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    await fs.writeFile(file, `${JSON.stringify(current)}\n`, { mode: 0o600 })
  }

  return {
    current: () => current,
    remember(more) {
      current = { ...current, ...more }
      // one after the other; a failure is told to whoever asked for that write
      const written = writing.then(write)
      writing = written.catch(() => undefined)
      return written
    },
    written: () => writing,
  }
}

async function read(file: string): Promise<Remembered> {
  try {
    const { bounds, toldNoTray, toldAccounts, language } = JSON.parse(await fs.readFile(file, 'utf8'))
    const numbers = [bounds?.x, bounds?.y, bounds?.width, bounds?.height]
    const told = Object.entries(toldAccounts ?? {}).filter(([, at]) => Number.isInteger(at))
    return {
      bounds: numbers.every(Number.isInteger) ? bounds : undefined,
      toldNoTray: toldNoTray === true,
      toldAccounts: Object.fromEntries(told) as ToldAccounts,
      language: typeof language === 'string' ? language : undefined,
    }
  } catch {
    // not there yet, or torn
    return {}
  }
}
