import type { StreamDecoder } from '../../src-core/codecs/codec.ts'
import type { StreamChunk } from '../../src-core/model/event.ts'

/** All chunks a decoder makes of these reads. */
export function decoded(decoder: StreamDecoder, reads: Iterable<Buffer>): StreamChunk[] {
  const chunks: StreamChunk[] = []
  const keep = (chunk: StreamChunk | undefined) => {
    if (chunk) chunks.push(chunk)
  }
  for (const read of reads) {
    keep(decoder.push(read))
    if (decoder.done()) return chunks
  }
  keep(decoder.end())
  return chunks
}
