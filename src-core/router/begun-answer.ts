import { clientGone, GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'
import { type Flow, type Sink, through } from '../model/flow.ts'

/** The rest of the answer that is now the answer. `over` is called once, however it ends. */
export function begunAnswer(rest: Flow<StreamChunk>, client: AbortSignal, over: () => void): Flow<StreamChunk> {
  let isOver = false
  const end = () => {
    if (!isOver) over()
    isOver = true
  }
  const between = (sink: Sink<StreamChunk>): Sink<StreamChunk> => ({
    next: (chunk) => sink.next(chunk),
    end() {
      end()
      sink.end()
    },
    failed(thrown) {
      end()
      sink.failed(client.aborted ? clientGone(thrown) : GatewayError.from(thrown))
    },
  })
  return through(rest, between, end)
}
