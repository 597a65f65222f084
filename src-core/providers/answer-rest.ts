import type { GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'
import type { OpenAnswer } from './open-answer.ts'

interface Ending {
  /** What an error event of the service means. */
  judge(error: GatewayError): GatewayError
  /** What a break in the stream means; throws when there is nobody left to tell. */
  failed(thrown: unknown): GatewayError
}

const over: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** An answer from its first chunk on. A failure is its last event. */
export function answerRest({ first, rest, close }: OpenAnswer, ending: Ending): AsyncIterator<StreamChunk> {
  let opening: StreamChunk | undefined = first
  let isOver = false
  const end = () => {
    isOver = true
    close()
  }
  const seen = (result: IteratorResult<StreamChunk>): IteratorResult<StreamChunk> => {
    if (result.done) {
      end()
      return over
    }
    const chunk = result.value
    if (!endsInError(chunk)) return result
    end()
    const events = chunk.events.map((event) =>
      event.type === 'error' ? { type: event.type, error: ending.judge(event.error) } : event,
    )
    return { done: false, value: { ...chunk, events } }
  }
  const failed = (thrown: unknown): IteratorResult<StreamChunk> => {
    end()
    return { done: false, value: { events: [{ type: 'error', error: ending.failed(thrown) }] } }
  }
  return {
    next() {
      if (isOver) return Promise.resolve(over)
      if (!opening) return rest!.next().then(seen, failed)
      const result = seen({ done: false, value: opening })
      opening = undefined
      if (!rest && !isOver) end()
      return Promise.resolve(result)
    },
    async return() {
      if (!isOver) end()
      return over
    },
  }
}

const endsInError = (chunk: StreamChunk): boolean => chunk.events.at(-1)?.type === 'error'
