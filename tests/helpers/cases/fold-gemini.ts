import { type FoldedCall, isRecord, type JsonRecord, records } from './json-record.ts'

export function foldGemini(events: JsonRecord[]): JsonRecord {
  const calls: FoldedCall[] = []
  let text = ''
  let thought = ''
  let finish: unknown
  let finishChunks = 0
  let finishHasUsage = false
  let usage: unknown
  for (const event of events) {
    const candidate = records(event.candidates)[0]
    const parts = isRecord(candidate?.content) ? records(candidate.content.parts) : []
    for (const part of parts) {
      if (typeof part.text === 'string' && part.thought === true) thought += part.text
      else if (typeof part.text === 'string') text += part.text
      if (isRecord(part.functionCall)) {
        const { id, name, args } = part.functionCall
        calls.push({ ...(id === undefined ? {} : { id }), name, args })
      }
    }
    if (isRecord(event.usageMetadata)) usage = event.usageMetadata
    if (typeof candidate?.finishReason !== 'string') continue
    finish = candidate.finishReason
    finishChunks++
    finishHasUsage = isRecord(event.usageMetadata)
  }
  return { text, thought, calls, finish, finish_chunks: finishChunks, finish_chunk_has_usage: finishHasUsage, usage }
}
