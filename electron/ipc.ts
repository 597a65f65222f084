import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { InProcessControl } from '../src-core/index.ts'
import { isOwnPage } from './pages.ts'

/** Binds the contract to the window: one channel for all calls, one for all pushes. Returns what frees them. */
export function bindControl(control: InProcessControl, window: () => BrowserWindow | undefined): () => void {
  ipcMain.handle('patchbay:call', (event, name: unknown, input: unknown) => {
    checkSender(event, window())
    // what the input must be, the contract knows and checks
    return control.call(String(name), input ?? {}, endOf(event))
  })
  const stop = control.subscribe((name, json) => {
    const open = window()
    if (open && !open.isDestroyed() && isOwnPage(open.webContents.getURL()))
      open.webContents.send('patchbay:push', name, json)
  })
  return () => {
    ipcMain.removeHandler('patchbay:call')
    stop()
  }
}

/** Only the top frame of our own window, while it shows our own page. */
function checkSender({ sender, senderFrame }: IpcMainInvokeEvent, window: BrowserWindow | undefined): void {
  const own = window && !window.isDestroyed() && sender.id === window.webContents.id
  if (own && senderFrame && senderFrame.parent === null && isOwnPage(senderFrame.url)) return
  throw new Error('This page may not ask Patchbay anything.')
}

/** Ends with the page that asked. */
function endOf({ sender }: IpcMainInvokeEvent): AbortSignal {
  const page = new AbortController()
  sender.once('destroyed', () => page.abort())
  return page.signal
}
