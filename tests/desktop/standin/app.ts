import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { BrowserWindow } from './browser-window.ts'
import { chromiumReady, endChromium } from './chromium.ts'

const appPath = process.env.STANDIN_APP!
const packageJson = JSON.parse(fs.readFileSync(path.join(appPath, 'package.json'), 'utf8'))

class App extends EventEmitter {
  isPackaged = false
  name: string = packageJson.productName ?? packageJson.name
  private ready = false
  private ending = false
  private paths = new Map<string, string>()
  private lock: { server: net.Server; file: string } | undefined
  private readyPromise = chromiumReady.then(() => {
    this.ready = true
    this.emit('ready', {}, {})
  })
  commandLine = { appendSwitch() {}, appendArgument() {} }

  whenReady = () => this.readyPromise
  isReady = () => this.ready
  getName = () => this.name
  getVersion = (): string => packageJson.version
  getAppPath = () => appPath
  enableSandbox() {}
  setAppUserModelId() {}
  getLoginItemSettings = () => ({ openAtLogin: false })
  setLoginItemSettings() {}

  setName(name: string): void {
    this.name = name
  }

  setPath(name: string, folder: string): void {
    if (!fs.existsSync(folder)) throw new Error(`Failed to set path: ${folder} does not exist`)
    this.paths.set(name, folder)
  }

  getPath(name: string): string {
    const found = this.paths.get(name) ?? (name === 'home' ? os.homedir() : undefined)
    if (found === undefined) throw new Error(`Failed to get '${name}' path`)
    return found
  }

  /** A socket in the user's folder: who cannot have it hands its command line over. */
  requestSingleInstanceLock(): boolean {
    const file = path.join(this.getPath('userData'), 'SingletonStandin')
    const owner = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : undefined
    if (owner !== undefined && isAlive(owner)) {
      const client = net.connect(`${file}.sock`).on('error', () => {})
      client.end(JSON.stringify({ argv: process.argv, cwd: process.cwd() }))
      return false
    }
    fs.writeFileSync(file, String(process.pid))
    fs.rmSync(`${file}.sock`, { force: true })
    const server = net.createServer((socket) => {
      let text = ''
      socket.on('data', (piece) => {
        text += piece
      })
      socket.on('end', () => {
        const { argv, cwd } = JSON.parse(text)
        this.emit('second-instance', {}, argv, cwd)
      })
    })
    server.listen(`${file}.sock`).unref()
    this.lock = { server, file }
    return true
  }

  releaseSingleInstanceLock(): void {
    this.lock?.server.close()
    if (this.lock) fs.rmSync(this.lock.file, { force: true })
    this.lock = undefined
  }

  /** Electron's order: before-quit, the windows, will-quit; each may hold it up. */
  quit(): void {
    if (this.ending || prevented((event) => this.emit('before-quit', event))) return
    for (const window of BrowserWindow.getAllWindows()) {
      window.close()
      if (!window.isDestroyed()) return
    }
    if (!prevented((event) => this.emit('will-quit', event))) this.exit(0)
  }

  exit(code = 0): void {
    if (this.ending) return
    this.ending = true
    this.emit('quit', {}, code)
    this.releaseSingleInstanceLock()
    endChromium(code)
  }

  /** The last window is gone: without a listener that is the end. */
  lastWindowClosed(): void {
    if (this.ending) return
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed', {})
    else this.quit()
  }
}

function prevented(emit: (event: { preventDefault(): void }) => void): boolean {
  let stopped = false
  emit({
    preventDefault() {
      stopped = true
    },
  })
  return stopped
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && pid !== process.pid
  } catch {
    return false
  }
}

export const app = new App()
BrowserWindow.lastClosed = () => app.lastWindowClosed()
// as Electron does
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
