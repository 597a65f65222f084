import type { ResponseBody } from './response-reader.ts'
import { answerTooLarge } from './transport-error.ts'

/** A whole body. More than `limit` bytes is a failure, or with `cut` simply the end. */
export function readBody(body: ResponseBody, limit: number, cut = false): Promise<Buffer> {
  return body.whole && !cut ? body.whole(limit) : readPieces(body, limit, cut)
}

async function readPieces(body: ResponseBody, limit: number, cut: boolean): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    pieces.push(piece)
    size += piece.length
    if (size <= limit) continue
    if (cut) break
    throw answerTooLarge(limit)
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}
