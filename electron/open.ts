import { shell } from 'electron'
import { mayOpen } from './may-open.ts'

/** Opens a page in the user's browser, if it may be opened at all. */
export async function openInBrowser(url: string, told: (problem: string) => void): Promise<void> {
  if (!mayOpen(url)) return told(`refused to open ${url.slice(0, 100)}`)
  try {
    await shell.openExternal(url)
  } catch (thrown) {
    told(`the browser could not be opened: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}
