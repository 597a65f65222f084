import { isRecord, type JsonRecord, parsedArguments, records } from './json-record.ts'

const terminal = ['response.completed', 'response.incomplete', 'response.failed']

export function foldResponses(events: JsonRecord[]): JsonRecord {
  const whole = events.find((event) => event.object === 'response' && event.type === undefined)
  const last = events.findLast((event) => terminal.includes(String(event.type)))
  const final = whole ?? (isRecord(last?.response) ? last.response : {})
  const output = records(final.output)
  const texts = output.flatMap((item) => records(item.content)).filter((part) => part.type === 'output_text')
  const summaries = output.filter((item) => item.type === 'reasoning').flatMap((item) => records(item.summary))
  const calls = output
    .filter((item) => item.type === 'function_call')
    .map((item) => ({ id: item.call_id, name: item.name, args: parsedArguments(item.arguments) }))
  return {
    text: texts.map((part) => String(part.text ?? '')).join(''),
    thought: summaries.map((part) => String(part.text ?? '')).join(''),
    calls,
    finish: final.status,
    usage: final.usage,
    output,
    sequence_ok: whole !== undefined || events.every((event, index) => event.sequence_number === index),
  }
}
