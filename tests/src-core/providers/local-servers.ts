import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

export interface LocalServer {
  url: URL
  port: number
  /** Sockets open right now. */
  open: Set<Socket>
  /** How many sockets were ever accepted. */
  accepted(): number
}

/** Listens on a free loopback port and goes away with the test. */
export async function listen(server: net.Server, scheme = 'http'): Promise<LocalServer> {
  const open = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket: Socket) => {
    accepted++
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: new URL(`${scheme}://127.0.0.1:${port}/`), port, open, accepted: () => accepted }
}

export const httpServer = (handler: http.RequestListener): Promise<LocalServer> => listen(http.createServer(handler))

/** A server that is given the socket once a whole request (by content-length) has been read from it. */
export function rawServer(answer: (socket: Socket, request: string, count: number) => void): Promise<LocalServer> {
  let count = 0
  const server = net.createServer((socket) => {
    let text = ''
    socket.on('data', (piece) => {
      text += piece.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      if (head === -1) return
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (text.length < head + 4 + length) return
      const request = text.slice(0, head + 4 + length)
      text = text.slice(head + 4 + length)
      answer(socket, request, ++count)
    })
  })
  return listen(server)
}

export async function readBody(request: http.IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request) text += piece
  return text
}

/** A port nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function until(condition: () => boolean, limitMs = 5000): Promise<void> {
  const started = Date.now()
  while (!condition()) {
    if (Date.now() - started > limitMs) throw new Error(`never came true: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** A private CA and a certificate for 127.0.0.1, localhost and model.example, made for this test alone. */
export function makeCertificates(): { caFile: string; key: Buffer; cert: Buffer; folder: string } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-certs-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  const at = (name: string): string => path.join(folder, name)
  const openssl = (...parts: string[]): void => void execFileSync('openssl', parts, { stdio: 'pipe' })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=Test CA', '-keyout', at('ca.key'), '-out', at('ca.pem'))
  openssl('req', ...curve, '-subj', '/CN=localhost', '-keyout', at('host.key'), '-out', at('host.csr'))
  fs.writeFileSync(at('names'), 'subjectAltName=DNS:localhost,DNS:model.example,IP:127.0.0.1')
  openssl(
    ...['x509', '-req', '-in', at('host.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
    ...['-days', '2', '-extfile', at('names'), '-out', at('host.pem')],
  )
  return { folder, caFile: at('ca.pem'), key: fs.readFileSync(at('host.key')), cert: fs.readFileSync(at('host.pem')) }
}
