import { GatewayError } from '../model/error.ts'
import type { ResponseBody } from './response-reader.ts'

/** A whole body. More than `limit` bytes is a failure, or with `cut` simply the end. */
export async function readBody(body: ResponseBody, limit: number, cut = false): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    pieces.push(piece)
    size += piece.length
    if (size <= limit) continue
    if (cut) break
    throw new GatewayError('provider-error', `The provider's answer is larger than ${Math.round(limit / 1048576)} MB.`)
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}
