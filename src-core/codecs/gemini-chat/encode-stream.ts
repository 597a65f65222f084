import type { StreamEvent } from '../../model/event.ts'
import type { JsonObject } from '../../model/json.ts'
import type { AnswerContext, StreamEncoder } from '../codec.ts'
import { createAnswerEnd } from './answer-end.ts'
import { type AnswerNames, answerNames } from './answer-names.ts'
import { answerPart } from './answer-parts.ts'
import { lookAt } from './look.ts'
import { escapeLineEnds, strictFrame } from './strict-frame.ts'

/**
 * Writes a stream the Gemini CLI's reader survives: nothing but `data: ` and one line of JSON. Tool calls wait
 * for what follows them, so that they can share the last chunk with the finish reason, as Gemini itself has it.
 */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  const { wire } = context.request
  const { wantsThoughts } = lookAt(wire)
  const enveloped = wire.envelope === 'code-assist'
  const answer = createAnswerEnd()
  const waiting = new Map<number, JsonObject[]>()
  const called = new Set<number>()
  const spoken = new Set<number>()
  let names: AnswerNames | undefined
  let textHead = ''
  let textTail = ''
  let failed = false

  return { write, end }

  function write(events: readonly StreamEvent[]): string {
    let out = ''
    for (const event of events) out += writeEvent(event)
    return out
  }

  function writeEvent(event: StreamEvent): string {
    // The plain text delta: nearly every event of nearly every stream.
    if (event.type === 'text-delta' && !event.choice && !event.signature && waiting.size === 0) {
      if (event.text === '' || failed || answer.ended(0)) return ''
      if (!spoken.has(0)) spoke(0)
      if (names === undefined) setNames()
      return textHead + escapeLineEnds(JSON.stringify(event.text)) + textTail
    }
    if (event.type === 'response-start') {
      if (names === undefined) setNames(event)
      return ''
    }
    if (event.type === 'error') {
      failed = true
      return ''
    }
    if (failed || answer.keep(event)) return ''
    const part = answerPart(event, wantsThoughts)
    const choice = ('choice' in event && event.choice) || 0
    if (!part || answer.ended(choice)) return ''
    if (part.thought !== true) spoke(choice)
    if (event.type !== 'tool-call') return writeWaiting(choice) + frame({ candidates: [candidate(choice, [part])] })
    called.add(choice)
    const calls = waiting.get(choice)
    if (calls) calls.push(part)
    else waiting.set(choice, [part])
    return ''
  }

  function spoke(choice: number): void {
    spoken.add(choice)
    answer.spoke(choice)
  }

  function writeWaiting(choice: number): string {
    const calls = waiting.get(choice)
    if (!calls) return ''
    waiting.delete(choice)
    return frame({ candidates: [candidate(choice, calls)] })
  }

  function end(): string {
    if (failed || !answer.isThere()) return ''
    // A last chunk without content spoils the history some clients keep; an empty text after calls spoils the turn.
    return frame(
      answer.write(
        (choice, hasSpoken) => waiting.get(choice) ?? (hasSpoken && !called.has(choice) ? [{ text: '' }] : []),
      ),
    )
  }

  function setNames(start?: Extract<StreamEvent, { type: 'response-start' }>): AnswerNames {
    names = answerNames(context, start)
    const whole = strictFrame(JSON.stringify(wrapped({ candidates: [candidate(0, [{ text: textSlot }])] }, names)))
    const at = whole.indexOf(textSlotJson)
    textHead = whole.slice(0, at)
    textTail = whole.slice(at + textSlotJson.length)
    return names
  }

  function frame(body: JsonObject): string {
    return strictFrame(JSON.stringify(wrapped(body, names ?? setNames())))
  }

  function wrapped(body: JsonObject, { modelVersion, responseId }: AnswerNames): JsonObject {
    const response = { ...body, modelVersion, responseId }
    return enveloped ? { response, traceId: responseId } : response
  }
}

/** Stands for the text in the template of a plain delta. It is the first text in it, so it is found first. */
const textSlot = '\u0000'
const textSlotJson = JSON.stringify(textSlot)

function candidate(index: number, parts: JsonObject[]): JsonObject {
  return { index, content: { role: 'model', parts } }
}
