import type { GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'
import { failedFlow, type Sink, through } from '../model/flow.ts'
import type { ModelAnswer } from '../model/generate.ts'

interface Ending {
  /** What an error event of the service means. */
  judge(error: GatewayError): GatewayError
  /** What a break in the stream means. */
  failed(thrown: unknown): GatewayError
}

/** A streamed answer that fails in one way, whether the service told of it or the stream broke. */
export function answerRest({ first, rest }: Required<ModelAnswer>, ending: Ending): ModelAnswer {
  const opening = split(first)
  if (opening.error) {
    rest.cancel()
    return { first: opening.chunk, rest: failedFlow(ending.judge(opening.error)) }
  }
  const between = (sink: Sink<StreamChunk>): Sink<StreamChunk> => ({
    next(chunk) {
      const { chunk: told, error } = split(chunk)
      if (told.events.length > 0 || told.wire) sink.next(told)
      if (!error) return
      rest.cancel()
      sink.failed(ending.judge(error))
    },
    end: () => sink.end(),
    failed: (thrown) => sink.failed(ending.failed(thrown)),
  })
  return { first, rest: through(rest, between) }
}

/** An error event is the last of its chunk; what came before it still goes out. */
function split(chunk: StreamChunk): { chunk: StreamChunk; error?: GatewayError } {
  const last = chunk.events.at(-1)
  if (last?.type !== 'error') return { chunk }
  return { chunk: { ...chunk, events: chunk.events.slice(0, -1) }, error: last.error }
}
