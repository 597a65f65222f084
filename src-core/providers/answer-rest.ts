import type { GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'
import type { ModelAnswer } from '../model/generate.ts'

interface Ending {
  /** Gives the connection back, or closes it when there was more to come. Called once. */
  close(): void
  /** What an error event of the service means. */
  judge(error: GatewayError): GatewayError
  /** What a break in the stream means; throws when there is nobody left to tell. */
  failed(thrown: unknown): GatewayError
}

type Begun = Required<ModelAnswer>

const over: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** A streamed answer whose failures are its last event, wherever they come from. */
export function answerRest({ first, rest }: Begun, ending: Ending): ModelAnswer {
  let isOver = false
  const end = () => {
    if (!isOver) ending.close()
    isOver = true
  }
  const judged = (chunk: StreamChunk): StreamChunk => {
    if (chunk.events.at(-1)?.type !== 'error') return chunk
    end()
    const events = chunk.events.map((event) =>
      event.type === 'error' ? { type: event.type, error: ending.judge(event.error) } : event,
    )
    return { ...chunk, events }
  }
  const seen = (result: IteratorResult<StreamChunk>): IteratorResult<StreamChunk> => {
    if (!result.done) {
      const chunk = judged(result.value)
      return chunk === result.value ? result : { done: false, value: chunk }
    }
    end()
    return over
  }
  const failed = (thrown: unknown): IteratorResult<StreamChunk> => {
    end()
    return { done: false, value: { events: [{ type: 'error', error: ending.failed(thrown) }] } }
  }
  const opening = judged(first)
  return {
    first: opening,
    rest: {
      next: () => (isOver ? Promise.resolve(over) : rest.next().then(seen, failed)),
      async return() {
        end()
        return over
      },
    },
  }
}
