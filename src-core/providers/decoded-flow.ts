import type { StreamDecoder } from '../codecs/codec.ts'
import type { StreamChunk } from '../model/event.ts'
import type { Flow, Sink } from '../model/flow.ts'

/** A service's bytes as the chunks its codec reads out of them. */
export function decodedFlow(bytes: Flow<Buffer>, decoder: StreamDecoder): Flow<StreamChunk> {
  let sink: Sink<StreamChunk> | undefined
  let isPaused = true
  /** How it ended, while the reader stands still. */
  let untold: ((sink: Sink<StreamChunk>) => void) | undefined

  function tell(how: (sink: Sink<StreamChunk>) => void): void {
    if (isPaused) untold = how
    else how(sink!)
  }

  const reads: Sink<Buffer> = {
    next(read) {
      try {
        const chunk = decoder.push(read)
        if (chunk) sink!.next(chunk)
      } catch (thrown) {
        bytes.cancel()
        return tell((to) => to.failed(thrown))
      }
      if (!decoder.done()) return
      bytes.cancel()
      tell((to) => to.end())
    },
    end() {
      try {
        const last = decoder.end()
        if (last) sink!.next(last)
      } catch (thrown) {
        return tell((to) => to.failed(thrown))
      }
      tell((to) => to.end())
    },
    failed: (thrown) => tell((to) => to.failed(thrown)),
  }

  function resume(): void {
    isPaused = false
    const how = untold
    untold = undefined
    if (how) how(sink!)
    else bytes.resume()
  }

  return {
    into(next) {
      const isFirst = sink === undefined
      sink = next
      if (!isFirst) return resume()
      isPaused = false
      bytes.into(reads)
    },
    pause() {
      isPaused = true
      bytes.pause()
    },
    resume,
    cancel: () => bytes.cancel(),
  }
}
