import net from 'node:net'
import { stampNow } from './clock.ts'

export interface Timing {
  status: number
  /** Microseconds from sending to the first byte of the body, and to its end. */
  firstByte: number
  total: number
  /** Microseconds each stamped event was under way. */
  delays: number[]
}

export interface Call {
  path: string
  body: string
}

const stamp = /@(\d{16})@/g

/** A kept-alive connection that times one request after another. */
export async function connect(port: number) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let receive: ((read: Buffer) => void) | undefined
  let broken: ((error: Error) => void) | undefined
  socket.on('data', (read) => receive?.(read))
  socket.on('error', (error) => broken?.(error))
  socket.on('close', () => broken?.(new Error('the connection was closed')))

  function request({ path, body }: Call): Promise<Timing> {
    return new Promise((resolve, reject) => {
      const started = Number(stampNow())
      const timing: Timing = { status: 0, firstByte: 0, total: 0, delays: [] }
      let head = ''
      let inBody = false
      let left = Number.POSITIVE_INFINITY
      let tail = ''
      broken = reject
      receive = (read) => {
        const now = Number(stampNow())
        let text = read.toString('latin1')
        if (!inBody) {
          head += text
          const end = head.indexOf('\r\n\r\n')
          if (end < 0) return
          text = head.slice(end + 4)
          head = head.slice(0, end)
          inBody = true
          timing.status = Number(head.slice(9, 12))
          const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
          if (length) left = Number(length)
        }
        if (text === '') return
        if (timing.firstByte === 0) timing.firstByte = now - started
        for (const match of (tail + text).matchAll(stamp))
          if (Number(match[1]) > 0) timing.delays.push(now - Number(match[1]))
        tail = (tail + text).slice(-17).replace(stamp, '')
        left -= text.length
        if (left > 0 && !(left === Number.POSITIVE_INFINITY && tail.endsWith('0\r\n\r\n'))) return
        timing.total = now - started
        receive = broken = undefined
        resolve(timing)
      }
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    })
  }
  return { request, close: () => socket.destroy() }
}
