import { GatewayError } from '../model/error.ts'
import { isContent, type StreamChunk, type StreamEvent } from '../model/event.ts'

/** The calls made in one turn to a target, as the layer that makes them tells of them. */
export interface Turn {
  target: string
  /** Calls to this target in earlier turns of the same request. */
  before: number
  /** Calls in this turn. */
  calls: number
  /** The last call has not been told to have failed. */
  open: boolean
}

/**
 * Reads an answer up to its first content and returns what was read. Nothing of it goes out before, so a
 * failure until then can still be another target's chance; only notes pass at once. Throws that failure.
 */
export async function* openAnswer(
  chunks: AsyncIterator<StreamChunk>,
  turn: Turn,
): AsyncGenerator<StreamChunk, StreamChunk[]> {
  const { target } = turn
  const held: StreamChunk[] = []
  for (;;) {
    const { done, value: chunk } = await chunks.next()
    if (done) throw new GatewayError('stream-broken', `${target} ended its answer before it began.`, { target })
    let onlyNotes = chunk.wire === undefined
    for (const event of chunk.events) {
      if (isContent(event)) {
        held.push(chunk)
        return held
      }
      if (event.type === 'error') throw event.error
      if (event.type === 'note') count(event, turn)
      else onlyNotes = false
    }
    if (!onlyNotes) held.push(chunk)
    else yield turn.before === 0 ? chunk : { events: chunk.events.map((event) => counted(event, turn.before)) }
  }
}

function count({ note }: Extract<StreamEvent, { type: 'note' }>, turn: Turn): void {
  if (note.type === 'attempt') turn.calls += 1
  if (note.type === 'attempt' || note.type === 'attempt-failed') turn.open = note.type === 'attempt'
}

/** The layer below counts from 1 in every turn; the request's count goes on. */
function counted(event: StreamEvent, before: number): StreamEvent {
  if (event.type !== 'note') return event
  const { note } = event
  if (note.type !== 'attempt' && note.type !== 'attempt-failed') return event
  return { type: 'note', note: { ...note, attempt: note.attempt + before } }
}
