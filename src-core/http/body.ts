import type { IncomingMessage } from 'node:http'
import { clientGone, GatewayError } from '../model/error.ts'

/** Reads a request's body once, whole. Throws `too-large` as soon as it is known to be. */
export function readBody(message: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const encoding = message.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new GatewayError(
      'bad-request',
      `Patchbay does not read ${encoding.slice(0, 20)} request bodies; send plain JSON.`,
    )
  }
  const announced = Number(message.headers['content-length'] ?? 0)
  if (announced > limitBytes) throw tooLarge(limitBytes)
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    message.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > limitBytes) {
        message.removeAllListeners('data')
        pieces.length = 0
        message.resume()
        reject(tooLarge(limitBytes))
        return
      }
      pieces.push(piece)
    })
    message.on('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size)))
    message.on('error', (cause) => reject(clientGone(cause)))
  })
}

function tooLarge(limitBytes: number): GatewayError {
  const megabytes = Number((limitBytes / 1024 / 1024).toFixed(3))
  return new GatewayError(
    'too-large',
    `The request is larger than ${megabytes} MB. Raise gateway.bodyLimitMb in the config if it has to be.`,
  )
}
