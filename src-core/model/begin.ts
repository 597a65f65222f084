import type { GatewayError } from './error.ts'
import { isContent, type StreamChunk } from './event.ts'
import type { ModelAnswer } from './generate.ts'
import { joinChunks } from './join-chunks.ts'

export interface Beginning {
  /** What an error event before the first content means. */
  failure(error: GatewayError): GatewayError
  /** The answer ended before it began; `silent`: without any event. */
  ended(silent: boolean): GatewayError
}

/** Reads up to the first content. Until then nothing goes out, so that a failure can still be another target's chance. */
export async function begin(rest: AsyncIterator<StreamChunk>, beginning: Beginning): Promise<ModelAnswer> {
  const held: StreamChunk[] = []
  for (;;) {
    const { value: chunk, done } = await rest.next()
    if (done) throw beginning.ended(held.length === 0)
    held.push(chunk)
    for (const event of chunk.events) {
      if (event.type === 'error') {
        await rest.return?.()
        throw beginning.failure(event.error)
      }
      if (isContent(event)) return { first: joinChunks(held), rest }
    }
  }
}
