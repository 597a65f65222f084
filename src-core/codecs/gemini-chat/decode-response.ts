import { GatewayError } from '../../model/error.ts'
import type { StreamChunk } from '../../model/event.ts'
import type { Json } from '../../model/json.ts'
import type { AnswerReader } from './answer-reader.ts'

/** A whole JSON answer, a list of them included, as one chunk. */
export function decodeResponse(body: Buffer, reader: AnswerReader, relay: boolean): StreamChunk {
  let answer: Json
  try {
    answer = JSON.parse(body.toString('utf8')) as Json
  } catch (cause) {
    throw new GatewayError('stream-broken', 'The provider answered with something that is not JSON.', { cause })
  }
  const events = [...reader.read(answer), ...reader.end()]
  const last = events.at(-1)
  if (last?.type === 'error' && last.error.kind === 'stream-broken') throw last.error
  return relay && !reader.failed() ? { events, wire: body } : { events }
}
