import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import type { InProcessControl } from '../src-core/index.ts'
import { isOwnPage } from './pages.ts'

export interface BoundParts {
  control: InProcessControl
  window(): BrowserWindow | undefined
  /** The language the window speaks now. */
  speaks(language: string): void
}

/** Binds the contract to the window: one channel for all calls, one for all pushes. Returns what frees them. */
export function bindControl({ control, window, speaks }: BoundParts): () => void {
  ipcMain.handle('patchbay:call', (event, name: unknown, input: unknown) => {
    checkSender(event, window())
    // what the input must be, the contract knows and checks
    return control.call(String(name), input ?? {}, endOf(event))
  })
  ipcMain.handle('patchbay:language', (event, language: unknown) => {
    checkSender(event, window())
    speaks(String(language).slice(0, 20))
  })
  const stop = control.subscribe((name, json) => {
    const open = window()
    if (open && !open.isDestroyed() && isOwnPage(open.webContents.getURL()))
      open.webContents.send('patchbay:push', name, json)
  })
  return () => {
    ipcMain.removeHandler('patchbay:call')
    ipcMain.removeHandler('patchbay:language')
    stop()
  }
}

/** Only the top frame of our own window, while it shows our own page. */
function checkSender({ sender, senderFrame }: IpcMainInvokeEvent, window: BrowserWindow | undefined): void {
  const own = window && !window.isDestroyed() && sender.id === window.webContents.id
  if (own && senderFrame && senderFrame.parent === null && isOwnPage(senderFrame.url)) return
  throw new Error('This page may not ask Patchbay anything.')
}

/** For each window one signal that ends with it: a listener for each call would stay as long as the window. */
const ends = new WeakMap<WebContents, AbortSignal>()

function endOf({ sender }: IpcMainInvokeEvent): AbortSignal {
  const known = ends.get(sender)
  if (known) return known
  const window = new AbortController()
  ends.set(sender, window.signal)
  sender.once('destroyed', () => window.abort())
  return window.signal
}
