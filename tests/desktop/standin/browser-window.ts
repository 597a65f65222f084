import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import { listen, onTargetDestroyed, type Params, send } from './chromium.ts'
import { invoke } from './ipc-main.ts'
import { binding, ipcValues, isolatedWorld, pageScript, preloadScript } from './page-scripts.ts'
import { answerPaused, interceptedPattern, toChromium, toElectron } from './protocol.ts'
import { WebContents } from './web-contents.ts'

interface Options {
  x?: number
  y?: number
  width?: number
  height?: number
  show?: boolean
  webPreferences?: { preload?: string; sandbox?: boolean; contextIsolation?: boolean; nodeIntegration?: boolean }
}

/** A window is a page of Chromium. Whether it shows is remembered and nothing more. */
export class BrowserWindow extends EventEmitter {
  static lastClosed: () => void = () => {}
  private static all = new Set<BrowserWindow>()
  static getAllWindows = (): BrowserWindow[] => [...BrowserWindow.all]
  static fromWebContents = (contents: WebContents): BrowserWindow | null =>
    BrowserWindow.getAllWindows().find(({ webContents }) => webContents === contents) ?? null

  webContents = new WebContents(this)
  private visible: boolean
  private minimized = false
  private destroyed = false
  private bounds: { x: number; y: number; width: number; height: number }
  private token = randomBytes(8).toString('hex')
  private target = ''
  private session = ''
  private preloadContext: number | undefined
  private shownOnce = false
  private made: Promise<void>

  constructor({ x = 0, y = 0, width = 800, height = 600, show = true, webPreferences = {} }: Options = {}) {
    super()
    const { sandbox, contextIsolation, nodeIntegration, preload } = webPreferences
    if (nodeIntegration || contextIsolation === false || sandbox === false)
      throw new Error('stand-in: only sandboxed, isolated windows')
    this.visible = show
    this.bounds = { x, y, width, height }
    BrowserWindow.all.add(this)
    this.made = this.make(preload)
    this.made.catch((error) => {
      if (!this.destroyed) console.error('stand-in: no window:', error)
    })
  }

  private async make(preload: string | undefined): Promise<void> {
    const { width, height } = this.bounds
    const { targetId } = await send('Target.createTarget', { url: 'about:blank', newWindow: true, width, height })
    this.target = targetId
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
    this.session = sessionId
    listen(sessionId, (method, params) => this.hear(method, params))
    onTargetDestroyed((gone) => {
      if (gone === targetId) this.gone()
    })
    const cdp = (method: string, params?: Params) => send(method, params, sessionId)
    if (process.env.STANDIN_HEADED === undefined)
      await cdp('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    await Promise.all([cdp('Page.enable'), cdp('Runtime.enable'), cdp('Fetch.enable', interceptedPattern)])
    await cdp('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(this.token) })
    if (!preload) return
    await cdp('Runtime.addBinding', { name: binding, executionContextName: isolatedWorld })
    const source = preloadScript(this.token, fs.readFileSync(preload, 'utf8'))
    await cdp('Page.addScriptToEvaluateOnNewDocument', { worldName: isolatedWorld, source })
  }

  private hear(method: string, params: Params): void {
    switch (method) {
      case 'Runtime.executionContextCreated': {
        const { name, auxData, id } = params.context
        if (name === isolatedWorld && auxData?.frameId === this.target) this.preloadContext = id
        return
      }
      case 'Runtime.executionContextsCleared':
        this.preloadContext = undefined
        return
      case 'Runtime.bindingCalled':
        if (params.name === binding) void this.fromPreload(JSON.parse(params.payload), params.executionContextId)
        return
      case 'Page.frameNavigated':
        if (!params.frame.parentId) this.webContents.url = toElectron(params.frame.url)
        return
      case 'Page.loadEventFired':
        this.loaded()
        return
      case 'Page.javascriptDialogOpening':
        this.beforeUnload(params)
        return
      case 'Inspector.targetCrashed':
        return void this.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
      case 'Fetch.requestPaused':
        return void answerPaused(params, this.session).catch((error) => {
          if (!this.destroyed) console.error('stand-in: no answer for a page:', error)
        })
    }
  }

  private loaded(): void {
    if (this.webContents.url === '' || this.webContents.url === 'about:blank') return
    this.webContents.emit('did-finish-load', {})
    if (!this.shownOnce) this.emit('ready-to-show', {})
    this.shownOnce = true
  }

  /** A page that wants to stay: Electron asks nobody and keeps it, unless the event is prevented. */
  private beforeUnload({ type }: Params): void {
    if (type !== 'beforeunload') return void this.cdp('Page.handleJavaScriptDialog', { accept: true })
    let leave = false
    this.webContents.emit('will-prevent-unload', {
      preventDefault() {
        leave = true
      },
    })
    void this.cdp('Page.handleJavaScriptDialog', { accept: leave })
  }

  private async fromPreload(message: Params, context: number): Promise<void> {
    if (message.type === 'open') {
      const { action } = this.webContents.openHandler?.({ url: toElectron(message.url) }) ?? { action: 'allow' }
      if (action !== 'deny') console.error('stand-in: a second window is not supported')
      return
    }
    let error: string | null = null
    let value: unknown = null
    try {
      const given = (message.given as unknown[]).map(ipcValues.decode)
      value = ipcValues.encode(await invoke(message.channel, this.webContents, given))
    } catch (thrown) {
      error = String(thrown)
    }
    const expression = `standinIpc.reply(${message.id}, ${JSON.stringify(error)}, ${JSON.stringify(value)})`
    // the page may have gone meanwhile
    await this.cdp('Runtime.evaluate', { expression, contextId: context }).catch(() => {})
  }

  async cdp(method: string, params?: Params): Promise<Params> {
    await this.made
    return send(method, params, this.session)
  }

  async runInPreload(expression: string): Promise<void> {
    if (this.preloadContext === undefined) return
    await this.cdp('Runtime.evaluate', { expression, contextId: this.preloadContext }).catch(() => {})
  }

  async loadURL(url: string): Promise<void> {
    const done = new Promise((resolve) => this.webContents.once('did-finish-load', resolve))
    const { errorText } = await this.cdp('Page.navigate', { url: toChromium(url) })
    if (errorText) throw new Error(`${errorText} loading '${url}'`)
    await done
  }

  show(): void {
    this.visible = true
    this.minimized = false
    this.emit('show', {})
  }

  hide(): void {
    this.visible = false
    this.emit('hide', {})
  }

  focus() {}

  restore(): void {
    this.minimized = false
  }

  minimize(): void {
    this.minimized = true
  }

  isMinimized = () => this.minimized
  isVisible = () => this.visible && !this.minimized
  isDestroyed = () => this.destroyed
  getBounds = () => ({ ...this.bounds })
  setBounds = (bounds: Partial<BrowserWindow['bounds']>) => void Object.assign(this.bounds, bounds)

  close(): void {
    if (this.destroyed) return
    let keep = false
    this.emit('close', {
      preventDefault() {
        keep = true
      },
    })
    if (!keep) this.destroy()
  }

  destroy(): void {
    if (this.destroyed) return
    this.made.then(() => send('Target.closeTarget', { targetId: this.target })).catch(() => {})
    this.gone()
  }

  private gone(): void {
    if (this.destroyed) return
    this.destroyed = true
    BrowserWindow.all.delete(this)
    this.webContents.emit('destroyed', {})
    this.emit('closed', {})
    if (BrowserWindow.all.size === 0) BrowserWindow.lastClosed()
  }
}
