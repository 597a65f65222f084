import { GatewayError } from '../../model/error.ts'
import type { FinishReason, StreamEvent, Usage } from '../../model/event.ts'
import { isContent } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { DecodeContext } from '../codec.ts'
import { answerError, errorIn } from './answer-error.ts'
import { fencedText } from './decode-contents.ts'
import { decodeFinishReason } from './finish-reason.ts'
import { createGroundingCollector, type GroundingCollector } from './grounding.ts'
import { decodeLogprobs } from './logprobs.ts'
import type { SignatureStore } from './signatures.ts'
import { decodeUsage } from './usage.ts'
import { field, signaturePlaceholder } from './wire.ts'

export interface AnswerReader {
  /** The events of one answer object; what may still change is held back. */
  read(answer: Json): StreamEvent[]
  /** What was held back: grounding, usage, and how each choice ended. */
  end(): StreamEvent[]
  /** Content was seen: from here on a relaying reader skips it. */
  sawContent(): boolean
  /** An error came; nothing after it counts. */
  failed(): boolean
  /** A call went by in a frame nobody read. */
  noteToolCall(): void
  fail(error: GatewayError): StreamEvent
}

export interface AnswerReaderOptions {
  context: DecodeContext
  signatures: SignatureStore
  /** A fresh id for a call that came without. */
  newCallId(): string
  /** The whole answer is one body: its end needs no proof. */
  whole: boolean
}

interface Choice {
  index: number
  finish?: { raw: string; message?: string }
  calledTools: boolean
  grounding: GroundingCollector
}

/** Reads Gemini answers, one object after the other, as events. */
export function createAnswerReader({ context, signatures, newCallId, whole }: AnswerReaderOptions): AnswerReader {
  /** A relayed body carries its content itself; only the router's verdict is read by us too. */
  const bytesSuffice = whole && context.request.traits.helper !== 'router-verdict'
  const choices = new Map<number, Choice>()
  const callIds = new Set<string>()
  let started = false
  let failed = false
  let sawContent = false
  let usage: Usage | undefined
  let blocked: FinishReason | undefined

  return {
    read,
    end,
    sawContent() {
      return sawContent
    },
    failed() {
      return failed
    },
    noteToolCall() {
      choice(0).calledTools = true
    },
    fail,
  }

  function fail(error: GatewayError): StreamEvent {
    failed = true
    return { type: 'error', error }
  }

  function choice(index: number): Choice {
    let found = choices.get(index)
    if (!found) {
      found = { index, calledTools: false, grounding: createGroundingCollector() }
      choices.set(index, found)
    }
    return found
  }

  function read(given: Json): StreamEvent[] {
    if (failed) return []
    // Some servers wrap a lone error, or the whole answer, in a list.
    if (Array.isArray(given)) return given.flatMap(read)
    if (!isObject(given)) return []
    const error = errorIn(given)
    if (error !== undefined) return [fail(answerError(error, context.target.id))]
    const inner = isObject(given.response) ? given.response : given
    const innerError = errorIn(inner)
    if (innerError !== undefined) return [fail(answerError(innerError, context.target.id))]
    const events: StreamEvent[] = []
    if (!started) events.push(start(inner, given))
    usage = decodeUsage(inner.usageMetadata) ?? usage
    const candidates = Array.isArray(inner.candidates) ? inner.candidates : []
    candidates.forEach((candidate, place) => {
      if (isObject(candidate)) readCandidate(candidate, place, events)
    })
    if (candidates.length === 0) noteBlock(inner)
    return events
  }

  function start(answer: JsonObject, outer: JsonObject): StreamEvent {
    started = true
    const id = [answer.responseId, outer.traceId].find((one) => typeof one === 'string' && one !== '')
    const model = answer.modelVersion
    return {
      type: 'response-start',
      id: typeof id === 'string' ? id : '',
      model: typeof model === 'string' && model !== '' ? model : context.target.model,
    }
  }

  function noteBlock({ promptFeedback }: JsonObject): void {
    if (!isObject(promptFeedback) || typeof promptFeedback.blockReason !== 'string') return
    const message = promptFeedback.blockReasonMessage
    blocked = {
      unified: 'content-filter',
      raw: promptFeedback.blockReason,
      ...(typeof message === 'string' ? { message } : {}),
    }
  }

  function readCandidate(candidate: JsonObject, place: number, events: StreamEvent[]): void {
    const at = choice(typeof candidate.index === 'number' ? candidate.index : place)
    const skipContent = context.relay && (sawContent || bytesSuffice)
    const content = isObject(candidate.content) ? candidate.content : {}
    for (const part of Array.isArray(content.parts) ? content.parts : []) {
      if (!isObject(part)) continue
      if (isObject(part.functionCall)) at.calledTools = true
      if (skipContent) continue
      const event = readPart(part)
      if (!event) continue
      if (at.index !== 0) Object.assign(event, { choice: at.index })
      if (isContent(event)) sawContent = true
      events.push(event)
    }
    at.grounding.add(candidate)
    const tokens = context.relay ? [] : decodeLogprobs(candidate.logprobsResult)
    if (tokens.length > 0) events.push({ type: 'logprobs', tokens, ...choiceOf(at) })
    const raw = candidate.finishReason
    if (typeof raw !== 'string' || raw === '' || raw === 'FINISH_REASON_UNSPECIFIED') return
    const message = candidate.finishMessage
    at.finish = { raw, ...(typeof message === 'string' && message !== '' ? { message } : {}) }
  }

  function readPart(part: JsonObject): StreamEvent | undefined {
    const value = field(part, 'thoughtSignature')
    const signature =
      typeof value === 'string' && value !== '' && value !== signaturePlaceholder
        ? { signature: { protocol: 'gemini-chat' as const, value } }
        : {}
    if (typeof part.text === 'string') {
      if (part.text === '' && !signature.signature) return undefined
      return { type: part.thought === true ? 'reasoning-delta' : 'text-delta', text: part.text, ...signature }
    }
    if (isObject(part.functionCall)) return readCall(part.functionCall, signature)
    const media = field(part, 'inlineData')
    if (isObject(media) && typeof media.data === 'string')
      return { type: 'media', mimeType: String(field(media, 'mimeType') ?? ''), data: media.data }
    const text = fencedText(part)
    return text === undefined ? dropped(part) : { type: 'text-delta', text, ...signature }
  }

  function readCall(
    call: JsonObject,
    signature: { signature?: { protocol: 'gemini-chat'; value: string } },
  ): StreamEvent | undefined {
    const wireName = typeof call.name === 'string' ? call.name : ''
    if (wireName === '') return dropped(call)
    const name = context.toolNames.get(wireName) ?? wireName
    const given = typeof call.id === 'string' ? call.id : ''
    const id = given !== '' && !callIds.has(given) ? given : newCallId()
    callIds.add(id)
    if (signature.signature) signatures.remember({ id, name }, signature.signature.value)
    return { type: 'tool-call', id, name, args: argsOf(call.args), ...signature }
  }

  function dropped(part: JsonObject): undefined {
    const what = Object.keys(part)[0]
    if (what !== undefined)
      context.note({ type: 'dropped', what: `a ${what} part`, because: 'only Gemini clients can read it' })
    return undefined
  }

  function end(): StreamEvent[] {
    if (failed) return []
    const events: StreamEvent[] = []
    const seen = [...choices.values()].sort((one, other) => one.index - other.index)
    for (const at of seen) {
      const grounding = at.grounding.collected()
      if (grounding) events.push({ type: 'grounding', grounding, ...choiceOf(at) })
    }
    if (usage) events.push({ type: 'usage', usage })
    if (blocked && !seen.some((at) => at.finish)) return [...events, { type: 'response-end', reason: blocked }]
    if (seen.length === 0) return [...events, fail(silent(context.target.id))]
    if (!whole && !seen.some((at) => at.finish || at.calledTools)) return [...events, fail(broken(context.target.id))]
    for (const at of seen) events.push({ type: 'response-end', reason: reasonOf(at, whole), ...choiceOf(at) })
    return events
  }
}

function choiceOf({ index }: Choice): { choice?: number } {
  return index === 0 ? {} : { choice: index }
}

function reasonOf({ finish, calledTools }: Choice, whole: boolean): FinishReason {
  if (finish) return decodeFinishReason(finish.raw, calledTools, finish.message)
  return { unified: calledTools ? 'tool-calls' : whole ? 'stop' : 'other' }
}

/** Calls come whole; text for arguments is met from servers that imitate Gemini. */
function argsOf(args: Json | undefined): JsonObject {
  if (isObject(args)) return args
  if (typeof args !== 'string') return {}
  try {
    const parsed = JSON.parse(args) as Json
    return isObject(parsed) ? parsed : { value: parsed }
  } catch {
    // Not JSON: the tool still gets to see what the model wrote.
    return args === '' ? {} : { value: args }
  }
}

function silent(target: string): GatewayError {
  return new GatewayError('stream-broken', `${target} ended its answer without saying anything.`, { target })
}

function broken(target: string): GatewayError {
  return new GatewayError('stream-broken', `${target} ended its answer before it was finished.`, { target })
}
