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
  const early = failureIn(first)
  if (early) {
    rest.cancel()
    return { first: withoutLast(first), rest: failedFlow(ending.judge(early)) }
  }
  const between = (sink: Sink<StreamChunk>): Sink<StreamChunk> => ({
    next(chunk) {
      const failure = failureIn(chunk)
      if (!failure) return sink.next(chunk)
      const told = withoutLast(chunk)
      if (told.events.length > 0 || told.wire) sink.next(told)
      rest.cancel()
      sink.failed(ending.judge(failure))
    },
    end: () => sink.end(),
    failed: (thrown) => sink.failed(ending.failed(thrown)),
  })
  return { first, rest: through(rest, between) }
}

/** An error event is the last of its chunk; what came before it still goes out. */
function failureIn({ events }: StreamChunk): GatewayError | undefined {
  const last = events[events.length - 1]
  return last?.type === 'error' ? last.error : undefined
}

const withoutLast = (chunk: StreamChunk): StreamChunk => ({ ...chunk, events: chunk.events.slice(0, -1) })
