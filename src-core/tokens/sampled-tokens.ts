import type { Piece } from '../codecs/countable.ts'
import { textTokens } from './text-tokens.ts'
import { unescaped } from './unescaped.ts'

const windowBytes = 256

/**
 * Tokens in all pieces together. Few bytes are looked at in full; of many, windows of about `budget` bytes, spread so
 * that every byte is as likely to be seen as any other, whichever piece it stands in.
 */
export function sampledTokens(body: Buffer, pieces: readonly Piece[], budget: number): number {
  let total = 0
  for (const { start, end } of pieces) total += end - start
  if (total <= budget) {
    let tokens = 0
    for (const piece of pieces) tokens += pieceTokens(body, piece.start, piece.end, piece.json)
    return tokens
  }
  const windows = Math.floor(budget / windowBytes)
  const stride = total / windows
  let density = 0
  let index = 0
  let before = 0
  for (let window = 0; window < windows; window++) {
    const at = Math.floor((window + spread(window)) * stride)
    let piece = pieces[index]!
    while (at >= before + piece.end - piece.start) {
      before += piece.end - piece.start
      index++
      piece = pieces[index]!
    }
    density += densityAt(body, piece, piece.start + at - before)
  }
  return (total * density) / windows
}

/** Never the same place in two strides, so that what repeats in a body is not met at the same point each time. */
const spread = (window: number): number => (window * 0.618_033_988_75) % 1

/** Tokens a byte around a place. A short piece is taken whole: where pieces begin, there is more than a window shows. */
function densityAt(body: Buffer, { start, end, json }: Piece, at: number): number {
  if (end - start <= windowBytes * 1.5) return pieceTokens(body, start, end, json) / (end - start)
  const from = cleanCut(body, Math.min(at, end - windowBytes), end)
  const to = cleanCut(body, Math.min(end, from + windowBytes), end)
  return to === from ? 0 : pieceTokens(body, from, to, json) / (to - from)
}

/** How far a space is looked for: words cut in two would count twice. */
const wordReach = 16

/** A place near `at` that cuts no character, no escape and, where there are spaces, no word. */
function cleanCut(body: Buffer, at: number, end: number): number {
  for (let place = at; place < Math.min(at + wordReach, end); place++) {
    if (body[place] === space) return place
  }
  let place = at
  while (place < end && (body[place]! & 0xc0) === 0x80) place++
  for (let slash = place - 1; slash >= place - longestEscape; slash--) {
    if (body[slash] !== backslash) continue
    const length = body[slash + 1] === lowerU ? longestEscape : 2
    return Math.min(end, Math.max(place, slash + length))
  }
  return place
}

const space = 0x20
const backslash = 0x5c
const lowerU = 0x75
/** `\uXXXX` */
const longestEscape = 6

function pieceTokens(body: Buffer, start: number, end: number, json: boolean): number {
  const text = body.toString('utf8', start, end)
  return textTokens(json ? withoutLayout(text) : unescaped(text))
}

/** In JSON a line break is never part of a text. */
function withoutLayout(json: string): string {
  return json.includes('\n') ? json.replace(/\s*\n\s*/g, '') : json
}
