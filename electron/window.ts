import { BrowserWindow, dialog, nativeTheme, screen, session } from 'electron'
import type { DesktopMemory } from './desktop-memory.ts'
import { isOwnPage, startPage } from './pages.ts'

export interface WindowParts {
  preload: string
  memory: DesktopMemory
  /** A link out of the window. */
  open(url: string): void
  failed(what: string, thrown: unknown): void
  quitting(): boolean
}

/** The one window: made when shown, gone when closed, so that a hidden Patchbay has no renderer. */
export interface MainWindow {
  /** `page` as it stands in the window's address: `accounts/up/work`. */
  show(page?: string): void
  current(): BrowserWindow | undefined
}

const smallest = { minWidth: 760, minHeight: 520 }

export function createMainWindow(parts: WindowParts): MainWindow {
  let window: BrowserWindow | undefined

  /** Its renderer is gone. It goes only after the next is there: without a tray the last window is the end. */
  async function lost(made: BrowserWindow, reason: string): Promise<void> {
    parts.failed('the window ended', new Error(reason))
    if (window === made) window = undefined
    made.hide()
    const again = !parts.quitting() && (await askToReopen(reason))
    if (again && !parts.quitting()) door.show()
    if (!made.isDestroyed()) made.destroy()
  }

  const door: MainWindow = {
    current: () => window,
    show(page) {
      if (window) {
        if (page !== undefined) window.webContents.send('patchbay:push', 'page', JSON.stringify(page))
        if (window.isMinimized()) window.restore()
        window.show()
        window.focus()
        return
      }
      const made = makeWindow(parts, page)
      window = made
      made.once('closed', () => {
        if (window === made) window = undefined
      })
      made.webContents.on('render-process-gone', (_event, { reason }) => {
        if (made.isDestroyed()) return
        if (reason === 'clean-exit') made.destroy()
        else lost(made, reason).catch((thrown) => parts.failed('the window is not opened again', thrown))
      })
    },
  }
  return door
}

async function askToReopen(reason: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Patchbay',
    message: 'The window ended by itself.',
    detail: `Its program is gone (${reason}). The gateway goes on, and so do open requests.`,
    buttons: ['Open it again', 'Leave it closed'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}

function makeWindow(parts: WindowParts, page: string | undefined): BrowserWindow {
  const { preload, memory, open, failed, quitting } = parts
  const window = new BrowserWindow({
    width: 1180,
    height: 760,
    ...onSomeScreen(memory.current().bounds),
    ...smallest,
    show: false,
    title: 'Patchbay',
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1c1a18' : '#faf8f5',
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
  })
  const { webContents } = window
  webContents.setWindowOpenHandler(({ url }) => {
    open(url)
    return { action: 'deny' }
  })
  webContents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  // a page with changes of its own asks before it goes
  webContents.on('will-prevent-unload', (event) => {
    if (quitting() || mayDiscard(window)) event.preventDefault()
  })
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    memory.remember({ bounds: window.getBounds() }).catch((thrown) => failed('the window place is not kept', thrown))
  })
  window.loadURL(page === undefined ? startPage : `${startPage}#/${page}`).catch((thrown) => {
    if (!window.isDestroyed()) failed('the window did not load', thrown)
  })
  return window
}

function mayDiscard(window: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'There are changes that are not applied.',
    buttons: ['Keep the window open', 'Discard them'],
    defaultId: 0,
    cancelId: 0,
  })
  return choice === 1
}

/** Where the window was, if that place is still on a screen. */
function onSomeScreen(bounds: Electron.Rectangle | undefined): Electron.Rectangle | undefined {
  if (!bounds) return undefined
  const { workArea } = screen.getDisplayMatching(bounds)
  const seen =
    bounds.x < workArea.x + workArea.width - 100 &&
    bounds.x + bounds.width > workArea.x + 100 &&
    bounds.y >= workArea.y &&
    bounds.y < workArea.y + workArea.height - 50
  return seen ? bounds : undefined
}

/** A page of ours needs nothing but to copy text. */
export function denyPermissions(): void {
  const mayWrite = (permission: string, url: string | undefined) =>
    permission === 'clipboard-sanitized-write' && url !== undefined && isOwnPage(url)
  session.defaultSession.setPermissionRequestHandler((contents, permission, decide) =>
    decide(mayWrite(permission, contents?.getURL())),
  )
  session.defaultSession.setPermissionCheckHandler((contents, permission) => mayWrite(permission, contents?.getURL()))
}
