import { type FoldedCall, isRecord, type JsonRecord, parsedArguments, records } from './json-record.ts'

/** Choice 0 of a Chat reply, read as strictly as the official client does: calls by their index. */
export function foldChat(events: JsonRecord[]): JsonRecord {
  const calls = new Map<unknown, FoldedCall & { text: string }>()
  let text = ''
  let thought = ''
  let finish: unknown
  let finishChunks = 0
  let finishHasUsage = false
  let roleChunks = 0
  let usage: unknown
  let usageChunkChoices: unknown
  for (const event of events) {
    if (isRecord(event.usage)) {
      usage = event.usage
      usageChunkChoices = event.choices
    }
    const choice = records(event.choices).find((one) => one.index === 0 || one.index === undefined)
    const said = choice?.delta ?? choice?.message
    if (isRecord(said)) {
      if (said.role) roleChunks++
      if (typeof said.content === 'string') text += said.content
      const reasoning = said.reasoning_content ?? said.reasoning
      if (typeof reasoning === 'string') thought += reasoning
      for (const [position, call] of records(said.tool_calls).entries()) addCall(calls, call, position)
    }
    if (typeof choice?.finish_reason !== 'string') continue
    finish = choice.finish_reason
    finishChunks++
    finishHasUsage = isRecord(event.usage)
  }
  const whole = [...calls.values()].map(({ text: written, ...call }) => ({ ...call, args: parsedArguments(written) }))
  return {
    text,
    thought,
    calls: whole,
    finish,
    finish_chunks: finishChunks,
    finish_chunk_has_usage: finishHasUsage,
    role_chunks: roleChunks,
    usage,
    usage_chunk_choices: usageChunkChoices,
  }
}

function addCall(calls: Map<unknown, FoldedCall & { text: string }>, call: JsonRecord, position: number): void {
  const index = call.index ?? position
  const known = calls.get(index) ?? { index, args: undefined, text: '' }
  const named = isRecord(call.function) ? call.function : {}
  if (call.id !== undefined) known.id = call.id
  if (named.name !== undefined) known.name = named.name
  if (typeof named.arguments === 'string') known.text += named.arguments
  calls.set(index, known)
}
