import type { ServerResponse } from 'node:http'
import type { Codec } from '../codecs/codec.ts'
import type { GatewayError } from '../model/error.ts'

/** A failure before any content: its own status in the client's own words. */
export function refuse(
  codec: Pick<Codec, 'encodeError'>,
  error: GatewayError,
  response: ServerResponse,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return
  const encoded = codec.encodeError(error)
  const body = Buffer.from(encoded.body)
  response.writeHead(encoded.status, { ...encoded.headers, ...headers, 'content-length': body.length })
  response.end(body)
}
