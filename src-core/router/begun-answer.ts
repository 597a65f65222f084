import { clientGone, GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** The rest of the answer that is now the answer: a failure is its last event. `over` is called once, however it ends. */
export function begunAnswer(
  rest: AsyncIterator<StreamChunk>,
  client: AbortSignal,
  over: () => void,
): AsyncIterator<StreamChunk> {
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
    if (client.aborted) throw clientGone(thrown)
    return { done: false, value: { events: [{ type: 'error', error: GatewayError.from(thrown) }] } }
  }
  return {
    next: () => (isOver ? Promise.resolve(done) : rest.next().then(seen, failed)),
    async return() {
      end()
      await rest.return?.()
      return done
    },
  }
}
