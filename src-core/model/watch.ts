import type { StreamChunk } from './event.ts'
import { type Sink, through } from './flow.ts'
import type { ModelAnswer } from './generate.ts'

export interface Watcher {
  chunk(chunk: StreamChunk): void
  /** Before the first content or after it. */
  failed(thrown: unknown): void
  /** Over, once. `left`: the reader wanted no more. */
  over?(how: 'ended' | 'failed' | 'left'): void
}

/** The same answer, seen on its way: one call a chunk, and nothing more to wait for. */
export function watch(answer: Promise<ModelAnswer>, watcher: Watcher): Promise<ModelAnswer> {
  let isOver = false
  const over = (how: 'ended' | 'failed' | 'left') => {
    if (!isOver) watcher.over?.(how)
    isOver = true
  }
  const failed = (thrown: unknown): never => {
    watcher.failed(thrown)
    over('failed')
    throw thrown
  }
  const begun = (given: ModelAnswer): ModelAnswer => {
    const { first, rest } = given
    watcher.chunk(first)
    if (!rest) {
      over('ended')
      return given
    }
    const between = (sink: Sink<StreamChunk>): Sink<StreamChunk> => ({
      next(chunk) {
        watcher.chunk(chunk)
        sink.next(chunk)
      },
      end() {
        over('ended')
        sink.end()
      },
      failed(thrown) {
        watcher.failed(thrown)
        over('failed')
        sink.failed(thrown)
      },
    })
    return { first, rest: through(rest, between, () => over('left')) }
  }
  return answer.then(begun, failed)
}
