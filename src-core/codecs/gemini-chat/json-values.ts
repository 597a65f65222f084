import { GatewayError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'

const sizeLimit = 64 * 1024 * 1024

/**
 * The objects of a JSON body as they become complete, read by read: Gemini streams without `alt=sse` are one
 * long list, errors may be a list of one. Commas and brackets outside of objects are passed over.
 */
export function createJsonSplitter(): (read: Buffer) => Json[] {
  let pieces: Buffer[] = []
  let size = 0
  let depth = 0
  let inText = false
  let escaped = false
  return (read) => {
    const values: Json[] = []
    let start = 0
    for (let at = 0; at < read.length; at++) {
      const byte = read[at]
      if (inText) {
        if (escaped) escaped = false
        else if (byte === 0x5c) escaped = true
        else if (byte === 0x22) inText = false
      } else if (byte === 0x22) inText = depth > 0
      else if (byte === 0x7b) {
        if (depth === 0) start = at
        depth++
      } else if (byte === 0x7d && depth > 0 && --depth === 0) {
        values.push(parse(Buffer.concat([...pieces, read.subarray(start, at + 1)])))
        pieces = []
        size = 0
      }
    }
    if (depth > 0) {
      pieces.push(read.subarray(start))
      size += read.length - start
      if (size > sizeLimit) throw new GatewayError('stream-broken', 'The provider sent an event of more than 64 MB.')
    }
    return values
  }
}

function parse(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch (cause) {
    throw new GatewayError('stream-broken', 'The provider sent JSON that does not parse.', { cause })
  }
}
