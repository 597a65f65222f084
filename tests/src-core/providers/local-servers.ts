import http from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'
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
