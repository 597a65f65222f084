import { GatewayError } from '../../model/error.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { JsonObject } from '../../model/json.ts'
import type { AnswerContext } from '../codec.ts'
import { createAnswerEnd } from './answer-end.ts'
import { answerNames } from './answer-names.ts'
import { answerPart } from './answer-parts.ts'
import { lookAt } from './look.ts'

/** A whole answer as one body. Throws the failure an answer ended in. */
export function encodeResponse(events: Iterable<StreamEvent>, context: AnswerContext): Buffer {
  const { wire } = context.request
  const { wantsThoughts } = lookAt(wire)
  const answer = createAnswerEnd()
  const content = new Map<number, JsonObject[]>()
  let start: Extract<StreamEvent, { type: 'response-start' }> | undefined
  for (const event of events) {
    if (event.type === 'error') throw event.error
    if (event.type === 'response-start') start ??= event
    if (answer.keep(event)) continue
    const part = answerPart(event, wantsThoughts)
    if (!part) continue
    const choice = ('choice' in event && event.choice) || 0
    if (part.thought !== true) answer.spoke(choice)
    const parts = content.get(choice)
    if (parts) append(parts, part)
    else content.set(choice, [part])
  }
  if (!answer.isThere())
    throw new GatewayError('stream-broken', 'The provider ended its answer before it was finished. Try again.')
  const names = answerNames(context, start)
  const response = { ...answer.write((choice) => content.get(choice) ?? []), ...names }
  const body = wire.envelope === 'code-assist' ? { response, traceId: names.responseId } : response
  return Buffer.from(JSON.stringify(body))
}

/** Deltas of one kind become one part; signed parts stay as they came. */
function append(parts: JsonObject[], part: JsonObject): void {
  const last = parts.at(-1)
  const joins =
    typeof last?.text === 'string' &&
    typeof part.text === 'string' &&
    last.thought === part.thought &&
    last.thoughtSignature === undefined &&
    part.thoughtSignature === undefined
  if (joins) last.text = `${last.text}${part.text}`
  else parts.push(part)
}
