import { clientGone, GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'

export interface Begun {
  /** What was read until the first content. */
  held: StreamChunk[]
  chunks: AsyncIterator<StreamChunk>
  /** The client's. */
  signal: AbortSignal
  /** Called once, whichever way it ends. */
  over(): void
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** The answer that is now the answer: what was held back, then the rest. A failure is now its last event. */
export function begunAnswer({ held, chunks, signal, over }: Begun): AsyncIterator<StreamChunk> {
  let position = 0
  let isOver = false
  const end = () => {
    if (!isOver) over()
    isOver = true
  }
  const seen = (result: IteratorResult<StreamChunk>) => {
    if (result.done) end()
    return result
  }
  const failed = (thrown: unknown): IteratorResult<StreamChunk> => {
    end()
    if (signal.aborted) throw clientGone(thrown)
    return { done: false, value: { events: [{ type: 'error', error: GatewayError.from(thrown) }] } }
  }
  return {
    next() {
      if (position < held.length) return Promise.resolve({ done: false, value: held[position++]! })
      return isOver ? Promise.resolve(done) : chunks.next().then(seen, failed)
    },
    async return() {
      end()
      await chunks.return?.()
      return done
    },
  }
}
