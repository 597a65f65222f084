import type { GatewayError } from './error.ts'
import { isContent, type StreamChunk } from './event.ts'
import type { Flow } from './flow.ts'
import type { ModelAnswer } from './generate.ts'
import { joinChunks } from './join-chunks.ts'

export interface Beginning {
  /** What an error event before the first content means. */
  failure(error: GatewayError): GatewayError
  /** The answer ended before it began; `silent`: without any event. */
  ended(silent: boolean): GatewayError
}

/** Reads up to the first content. Until then nothing goes out, so that a failure can still be another target's chance. */
export function begin(flow: Flow<StreamChunk>, beginning: Beginning): Promise<ModelAnswer> {
  return new Promise((resolve, reject) => {
    const held: StreamChunk[] = []
    flow.into({
      next(chunk) {
        held.push(chunk)
        for (const event of chunk.events) {
          if (event.type === 'error') {
            flow.cancel()
            return reject(beginning.failure(event.error))
          }
          if (isContent(event)) {
            flow.pause()
            return resolve({ first: joinChunks(held), rest: flow })
          }
        }
      },
      end: () => reject(beginning.ended(held.length === 0)),
      failed: reject,
    })
  })
}
