import { isRecord, type JsonRecord, parsedArguments, records } from './json-record.ts'

export function foldAnthropic(events: JsonRecord[]): JsonRecord {
  const whole = events.find((event) => event.type === 'message')
  if (whole) {
    const blocks = records(whole.content).map((block, index) => ({ ...block, index, start_input: {} }))
    return { blocks, stop_reason: whole.stop_reason, usage: whole.usage, text: textOf(blocks) }
  }
  const blocks = new Map<unknown, JsonRecord>()
  const written = new Map<unknown, string>()
  let stopReason: unknown
  let usage: JsonRecord = {}
  for (const event of events) {
    if (isRecord(event.message) && isRecord(event.message.usage)) usage = { ...usage, ...event.message.usage }
    if (isRecord(event.usage)) usage = { ...usage, ...event.usage }
    if (event.type === 'content_block_start' && isRecord(event.content_block)) {
      const { input, ...block } = event.content_block
      blocks.set(event.index, { ...block, index: event.index, ...(input === undefined ? {} : { start_input: input }) })
    }
    const block = blocks.get(event.index)
    if (event.type === 'content_block_delta' && block && isRecord(event.delta)) {
      const { text, thinking, signature, partial_json } = event.delta
      if (typeof text === 'string') block.text = String(block.text ?? '') + text
      if (typeof thinking === 'string') block.text = String(block.text ?? '') + thinking
      if (typeof signature === 'string') block.signature = signature
      if (typeof partial_json === 'string') written.set(event.index, (written.get(event.index) ?? '') + partial_json)
    }
    if (event.type === 'message_delta' && isRecord(event.delta)) stopReason = event.delta.stop_reason ?? stopReason
  }
  for (const block of blocks.values()) {
    if (block.type !== 'tool_use') continue
    const json = written.get(block.index)
    block.input = json ? parsedArguments(json) : block.start_input
  }
  const list = [...blocks.values()]
  return { blocks: list, stop_reason: stopReason, usage, text: textOf(list) }
}

function textOf(blocks: JsonRecord[]): string {
  return blocks.map((block) => (block.type === 'text' ? String(block.text ?? '') : '')).join('')
}
