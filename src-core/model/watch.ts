import type { StreamChunk } from './event.ts'
import type { ModelAnswer } from './generate.ts'

export interface Watcher {
  chunk(chunk: StreamChunk): void
  /** Before the first content or after it. */
  failed(thrown: unknown): void
  /** Over, once. `left`: the reader wanted no more. */
  over?(how: 'ended' | 'failed' | 'left'): void
}

/** The same answer, seen on its way: one callback a chunk, and nothing more to wait for. */
export function watch(answer: Promise<ModelAnswer>, watcher: Watcher): Promise<ModelAnswer> {
  const failed = (thrown: unknown): never => {
    watcher.failed(thrown)
    watcher.over?.('failed')
    throw thrown
  }
  const begun = (given: ModelAnswer): ModelAnswer => {
    watcher.chunk(given.first)
    if (given.rest) return { first: given.first, rest: watchRest(given.rest, watcher) }
    watcher.over?.('ended')
    return given
  }
  return answer.then(begun, failed)
}

function watchRest(inner: AsyncIterator<StreamChunk>, watcher: Watcher): AsyncIterator<StreamChunk> {
  let isOver = false
  const over = (how: 'ended' | 'failed' | 'left') => {
    if (isOver) return
    isOver = true
    watcher.over?.(how)
  }
  const seen = (result: IteratorResult<StreamChunk>) => {
    if (result.done) over('ended')
    else watcher.chunk(result.value)
    return result
  }
  const failed = (thrown: unknown): never => {
    watcher.failed(thrown)
    over('failed')
    throw thrown
  }
  return {
    next: () => inner.next().then(seen, failed),
    async return() {
      try {
        await inner.return?.()
      } finally {
        over('left')
      }
      return { done: true, value: undefined }
    },
  }
}
