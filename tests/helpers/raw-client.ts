import net from 'node:net'

export interface RawClient {
  socket: net.Socket
  received(): string
  closed(): boolean
  /** Resolves with all that came once it holds `mark`, or the other side has closed. */
  until(mark?: string): Promise<string>
  write(bytes: string | Buffer): Promise<void>
}

export interface RawOptions {
  /** Nothing is read: the socket's buffers fill, and then the other side has to wait. */
  deaf?: boolean
}

const patienceMs = 15_000

/** A client that sends exactly these bytes, polite or not. */
export async function openRaw(url: string, options: RawOptions = {}): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let text = ''
  let closed = false
  socket.on('error', () => {}) // a reset is a result here, reported by close
  socket.on('close', () => {
    closed = true
  })
  socket.on('end', () => {
    closed = true
  })
  if (options.deaf) socket.pause()
  else
    socket.on('data', (piece) => {
      text += piece.toString('latin1')
    })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
  })
  return {
    socket,
    received: () => text,
    closed: () => closed,
    async until(mark) {
      const giveUp = Date.now() + patienceMs
      for (;;) {
        if (mark !== undefined && text.includes(mark)) return text
        if (closed) return text
        if (Date.now() > giveUp) throw new Error(`no ${mark ?? 'end'} came; got:\n${text.slice(0, 2000)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    write: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve()
        socket.write(bytes, () => resolve())
      }),
  }
}

export interface Head {
  method?: string
  path: string
  headers?: Record<string, string | number | undefined>
}

/** The head of a request as it stands on the wire. */
export function headOf(url: string, { method = 'POST', path, headers = {} }: Head): string {
  const lines = Object.entries({ host: new URL(url).host, ...headers })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}
