import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A browser of our own, spoken to in its debugging protocol. Gone with this process. */

const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-standin-'))
const headed = process.env.STANDIN_HEADED !== undefined

const browser = spawn(
  process.env.STANDIN_CHROMIUM!,
  [
    headed ? '--ozone-platform=x11' : '--headless=new',
    // root may not use the sandbox of Chromium; containers run tests as root
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-startup-window',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--password-store=basic',
    '--disable-component-update',
    '--disable-background-networking',
    '--disable-sync',
    '--disable-extensions',
    '--hide-scrollbars',
  ],
  { stdio: ['ignore', 'ignore', 'pipe'] },
)

// whatever ends this process
process.on('exit', () => browser.kill('SIGKILL'))

interface Reply {
  id?: number
  sessionId?: string
  method?: string
  params?: Params
  result?: Params
  error?: { message: string }
}
// biome-ignore lint/suspicious/noExplicitAny: the protocol has no types here
export type Params = Record<string, any>

let socket: WebSocket | undefined
let closing = false
let count = 0
const waiting = new Map<number, { resolve(result: Params): void; reject(error: Error): void; method: string }>()
const listeners = new Map<string, (method: string, params: Params) => void>()
const destroyed = new Set<(targetId: string) => void>()

/** Resolves when the browser can be spoken to. Playwright waits for the same line on stderr. */
export const chromiumReady = new Promise<void>((resolve, reject) => {
  let text = ''
  browser.stderr.on('data', (piece: Buffer) => {
    text = (text + piece).slice(-10_000)
    const [line, address] = /DevTools listening on (ws:\/\/\S+)/.exec(text) ?? []
    if (!address || socket) return
    socket = new WebSocket(address)
    socket.onopen = () => {
      process.stderr.write(`${line}\n`)
      resolve()
    }
    socket.onmessage = ({ data }) => receive(JSON.parse(String(data)))
    socket.onerror = () => {
      if (!closing) reject(new Error('stand-in: Chromium does not answer'))
    }
  })
  browser.on('error', ({ message }) => {
    console.error(`stand-in: Chromium cannot be started: ${message}`)
    process.exit(1)
  })
  browser.on('exit', (code) => {
    if (closing) return
    console.error(`stand-in: Chromium ended with ${code}\n${text}`)
    process.exit(1)
  })
})
void chromiumReady.then(() => send('Target.setDiscoverTargets', { discover: true }))

export async function send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
  await chromiumReady
  return new Promise((resolve, reject) => {
    const id = ++count
    waiting.set(id, { resolve, reject, method })
    socket!.send(JSON.stringify({ id, method, params, sessionId }))
  })
}

/** Events of one attached page. */
export function listen(sessionId: string, listener: (method: string, params: Params) => void): void {
  listeners.set(sessionId, listener)
}

export function onTargetDestroyed(listener: (targetId: string) => void): void {
  destroyed.add(listener)
}

function receive({ id, sessionId, method, params = {}, result = {}, error }: Reply): void {
  if (id !== undefined) {
    const call = waiting.get(id)
    waiting.delete(id)
    if (error) call?.reject(new Error(`${call.method}: ${error.message}`))
    else call?.resolve(result)
  } else if (sessionId !== undefined) listeners.get(sessionId)?.(method!, params)
  else if (method === 'Target.targetDestroyed') for (const told of destroyed) told(params.targetId)
}

/** Ends the browser and then this process. */
export function endChromium(code: number): void {
  closing = true
  const kill = setTimeout(() => browser.kill('SIGKILL'), 1500)
  const done = (): void => {
    clearTimeout(kill)
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
    process.exit(code)
  }
  if (browser.exitCode !== null) done()
  browser.once('exit', done)
  if (socket?.readyState === WebSocket.OPEN) send('Browser.close').catch(() => browser.kill('SIGKILL'))
  else browser.kill('SIGKILL')
}
