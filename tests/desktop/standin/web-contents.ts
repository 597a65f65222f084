import { EventEmitter } from 'node:events'
import type { BrowserWindow } from './browser-window.ts'
import type { Frame } from './ipc-main.ts'
import { ipcValues } from './page-scripts.ts'

let count = 0

export class WebContents extends EventEmitter {
  id = ++count
  url = ''
  openHandler: ((details: { url: string }) => { action: string }) | undefined
  private window: BrowserWindow

  constructor(window: BrowserWindow) {
    super()
    this.window = window
    this.setMaxListeners(0)
  }

  getURL = () => this.url
  isDestroyed = () => this.window.isDestroyed()

  get mainFrame(): Frame {
    return { url: this.url, parent: null }
  }

  setWindowOpenHandler(handler: NonNullable<WebContents['openHandler']>): void {
    this.openHandler = handler
  }

  send(channel: string, ...given: unknown[]): void {
    const json = JSON.stringify(given.map(ipcValues.encode))
    void this.window.runInPreload(`standinIpc.event(${JSON.stringify(channel)}, ${json})`)
  }

  /** Chromium answers only once there is nobody to answer. */
  forcefullyCrashRenderer = () => void this.window.cdp('Page.crash').catch(() => {})

  reload = () => void this.window.cdp('Page.reload')
}
