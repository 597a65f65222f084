import { GatewayError } from '../model/error.ts'
import { isContent, type StreamChunk } from '../model/event.ts'

/** What a target did before it failed or began to answer. */
export interface Progress {
  /** Failures the layers below have noted and tried again after. */
  noted: GatewayError[]
}

/**
 * Reads an answer up to its first content and returns what was read. Nothing of it goes out before, so a
 * failure until then can still be another target's chance; only notes pass at once. Throws that failure.
 */
export async function* openAnswer(
  chunks: AsyncIterator<StreamChunk>,
  target: string,
  progress: Progress,
): AsyncGenerator<StreamChunk, StreamChunk[]> {
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
      if (event.type !== 'note') onlyNotes = false
      else if (event.note.type === 'attempt-failed') progress.noted.push(event.note.error)
    }
    if (onlyNotes) yield chunk
    else held.push(chunk)
  }
}
