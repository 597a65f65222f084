import http from 'node:http'
import type { ClientProtocol } from './case-file.ts'

export interface Reply {
  status: number
  headers: http.IncomingHttpHeaders
  raw: string
  /** The body as it arrived, one item a read. */
  chunks: string[]
  /** The connection ended before the body did. */
  aborted: boolean
}

export interface Sending {
  url: string
  path: string
  headers: Record<string, string>
  body: unknown
  /** Keeps connections; left out, every request has one of its own. */
  agent?: http.Agent
}

/** One POST with nothing between us and the socket that would retry, decode or reconnect. */
export function send({ url, path, headers, body, agent }: Sending): Promise<Reply> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, url), {
      method: 'POST',
      agent: agent ?? false,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const pieces: Buffer[] = []
      const finish = (): void => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          raw: Buffer.concat(pieces).toString('utf8'),
          chunks: pieces.map((piece) => piece.toString('utf8')),
          aborted: !response.complete,
        })
      }
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', () => {}) // an early end is a result here, reported by close
      response.on('close', finish)
    })
    request.end(text)
  })
}

/** How a client of this protocol shows the gateway its key. */
export function keyHeaders(protocol: ClientProtocol, key: string): Record<string, string> {
  switch (protocol) {
    case 'gemini':
      return { 'x-goog-api-key': key }
    case 'anthropic-messages':
      return { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
    default:
      return { authorization: `Bearer ${key}` }
  }
}
