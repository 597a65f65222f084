import type { StreamChunk } from './event.ts'

export interface Watcher {
  chunk(chunk: StreamChunk): void
  failed(thrown: unknown): void
  /** Over, once. `left`: the reader wanted no more. */
  over?(how: 'ended' | 'failed' | 'left'): void
}

/** The same chunks, seen on their way. Cheaper than a generator around a generator: one callback a chunk. */
export function watch(chunks: AsyncIterable<StreamChunk>, watcher: Watcher): AsyncIterable<StreamChunk> {
  return {
    [Symbol.asyncIterator]() {
      const inner = chunks[Symbol.asyncIterator]()
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
    },
  }
}
