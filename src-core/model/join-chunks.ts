import type { StreamChunk } from './event.ts'

/** Several chunks as one. */
export function joinChunks(chunks: StreamChunk[]): StreamChunk {
  if (chunks.length === 1) return chunks[0]!
  const wires = chunks.flatMap(({ wire }) => wire ?? [])
  const events = chunks.flatMap((chunk) => chunk.events)
  return wires.length === 0 ? { events } : { events, wire: Buffer.concat(wires) }
}
