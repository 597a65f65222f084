import type { ResponseBody } from './response-reader.ts'
import { answerTooLarge } from './transport-error.ts'

/** A whole body. More than `limit` bytes is a failure, or with `cut` simply the end. */
export function readBody(body: ResponseBody, limit: number, cut = false): Promise<Buffer> {
  return body.whole && !cut ? body.whole(limit) : readPieces(body, limit, cut)
}

function readPieces(body: ResponseBody, limit: number, cut: boolean): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    const end = () => resolve(Buffer.concat(pieces))
    body.into({
      next(piece) {
        pieces.push(piece)
        size += piece.length
        if (size <= limit) return
        body.cancel()
        if (cut) end()
        else reject(answerTooLarge(limit))
      },
      end,
      failed: reject,
    })
  })
}
