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
 * Reads one chunk of an answer that has not begun. Until the first content nothing goes out, so that a failure can
 * still be another target's chance; only `notes` pass at once. Throws that failure.
 */
export function readOpening(chunk: StreamChunk, turn: Turn): { content: boolean; notes?: StreamChunk } {
  let onlyNotes = chunk.wire === undefined
  for (const event of chunk.events) {
    if (isContent(event)) return { content: true }
    if (event.type === 'error') throw event.error
    if (event.type === 'note') count(event, turn)
    else onlyNotes = false
  }
  if (!onlyNotes) return { content: false }
  const { before } = turn
  return {
    content: false,
    notes: before === 0 ? chunk : { events: chunk.events.map((event) => counted(event, before)) },
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
