import type { StreamChunk } from './event.ts'

/** Begins as a generator, which may end by returning the iterator that goes on in its place. */
export type Opening = AsyncGenerator<StreamChunk, AsyncIterator<StreamChunk> | undefined>

/**
 * One answer from both: what needs decisions is written as a generator, and once it has handed over, chunks
 * pass without it. A stream of thousands of chunks pays for one layer less at each.
 */
export function handOver(opening: Opening): AsyncIterable<StreamChunk> {
  return {
    [Symbol.asyncIterator]() {
      let rest: AsyncIterator<StreamChunk> | undefined
      const step = (result: IteratorResult<StreamChunk, AsyncIterator<StreamChunk> | undefined>) => {
        if (!result.done) return result
        if (!result.value) return over
        rest = result.value
        return rest.next()
      }
      return {
        next: () => (rest ? rest.next() : opening.next().then(step)),
        async return() {
          if (rest) await rest.return?.()
          else await opening.return(undefined)
          return over
        },
      }
    },
  }
}

const over: IteratorReturnResult<undefined> = { done: true, value: undefined }
