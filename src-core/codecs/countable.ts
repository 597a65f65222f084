import { GatewayError } from '../model/error.ts'
import type { ByteRange } from '../model/request.ts'
import { closeBrace, closeBracket, colon, comma, openBrace, openBracket, quote } from './json-bytes.ts'
import { scalarEnd, skipNested, skipSpace, stringEnd } from './json-scan.ts'

/** The inside of a JSON string; with `json` a whole value, which a model is shown as JSON: arguments, results, tools. */
export interface Piece extends ByteRange {
  json: boolean
}

/** What a model reads of a section. Everything else is the wire's own: roles, ids, braces, signatures. */
export interface Countable {
  pieces: Piece[]
  /** Images, audio, documents: however they are sent, their bytes are no text. */
  media: number
}

/** Names that mean the same in every protocol that has them, so that one walk serves all. */
const mediaNames = new Set([
  ...['inlineData', 'inline_data', 'fileData', 'file_data'],
  ...['image_url', 'video_url', 'input_audio', 'file', 'source'],
])
const jsonNames = new Set(['args', 'arguments', 'input', 'response', 'parameters', 'input_schema', 'schema'])
const silentNames = new Set([
  ...['role', 'type', 'id', 'tool_call_id', 'tool_use_id', 'call_id', 'status', 'detail', 'mimeType', 'mime_type'],
  ...['thoughtSignature', 'thought_signature', 'signature', 'encrypted_content', 'data', 'url', 'format'],
])
/** What a tool said is often text under one of these and nothing else. */
const saidNames = new Set(['output', 'error', 'result', 'content'])

/** Nobody nests a message deeper; whoever does is not followed. */
const deepest = 32

/** Walks one message in the wire's own JSON. What is not well formed counts as it stands: to refuse it is others' part. */
export function countableOf(body: Buffer, section: ByteRange): Countable {
  const found: Countable = { pieces: [], media: 0 }
  try {
    walk(body.subarray(0, section.end), section.start, '', deepest, found)
    return found
  } catch (thrown) {
    if (thrown instanceof GatewayError) return countableJson(section)
    throw thrown
  }
}

/** All of it, as JSON. */
export const countableJson = ({ start, end }: ByteRange): Countable => ({
  pieces: [{ start, end, json: true }],
  media: 0,
})

/** Returns where the value ends. */
function walk(body: Buffer, start: number, name: string, depth: number, found: Countable): number {
  const first = body[start]
  if (first === quote) {
    const end = stringEnd(body, start)
    if (mediaNames.has(name)) found.media++
    else if (!silentNames.has(name) && end - start > 2)
      found.pieces.push({ start: start + 1, end: end - 1, json: false })
    return end
  }
  if (first !== openBrace && first !== openBracket) return Math.max(start + 1, scalarEnd(body, start))
  if (mediaNames.has(name)) {
    found.media++
    return skipNested(body, start)
  }
  if (jsonNames.has(name)) {
    const end = skipNested(body, start)
    const said = name === 'response' ? saidAlone(body, start) : undefined
    found.pieces.push(said ?? { start, end, json: true })
    return end
  }
  if (depth === 0) return skipNested(body, start)
  const close = first === openBrace ? closeBrace : closeBracket
  let at = skipSpace(body, start + 1)
  while (at < body.length && body[at] !== close) {
    let inside = name
    if (first === openBrace) {
      const keyEnd = stringEnd(body, at)
      inside = body.toString('latin1', at + 1, keyEnd - 1)
      at = skipSpace(body, skipSpace(body, keyEnd) + 1)
    }
    at = skipSpace(body, walk(body, at, inside, depth - 1, found))
    if (body[at] === comma) at = skipSpace(body, at + 1)
  }
  return at + 1
}

/** The inside of the string in `{"output":"…"}`. */
function saidAlone(body: Buffer, start: number): Piece | undefined {
  const key = skipSpace(body, start + 1)
  if (body[key] !== quote) return undefined
  const keyEnd = stringEnd(body, key)
  if (!saidNames.has(body.toString('latin1', key + 1, keyEnd - 1))) return undefined
  const colonAt = skipSpace(body, keyEnd)
  const value = skipSpace(body, colonAt + 1)
  if (body[colonAt] !== colon || body[value] !== quote) return undefined
  const end = stringEnd(body, value)
  return body[skipSpace(body, end)] === closeBrace ? { start: value + 1, end: end - 1, json: false } : undefined
}
