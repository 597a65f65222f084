import { GatewayError } from '../../model/error.ts'
import type { Grounding, StreamChunk, StreamEvent, TokenLogprob, Usage } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { AnswerContext, DecodeContext } from '../codec.ts'
import { createAnswerReader } from './answer.ts'
import { encodeCitations } from './citations.ts'
import { encodeCall, encodeLogprobs, encodeMedia } from './encode-parts.ts'
import { decodeFinishReason, encodeFinishReason } from './finish-reason.ts'
import { readFailure } from './provider-failure.ts'
import { decodeUsage, encodeUsage } from './usage.ts'
import { listOf, wordOf } from './wire.ts'

/** A whole answer: the same events its stream would have given. */
export function decodeResponse(body: Buffer, context: DecodeContext): StreamChunk {
  const value = parse(body)
  const chunk = Array.isArray(value) ? value[0] : value
  if (!isObject(chunk)) throw new GatewayError('stream-broken', 'The provider sent something that is not an answer.')
  const failure = readFailure(chunk)
  if (failure) return { events: [{ type: 'error', error: failure }] }
  if (context.relay) return { events: relayedEvents(chunk), wire: body }
  const answer = createAnswerReader({ toolNames: context.toolNames, relay: false })
  const events: StreamEvent[] = []
  answer.accept(chunk, events)
  if (!answer.hasChoices()) throw withoutChoices()
  answer.complete(events)
  return { events }
}

/** The bytes carry the answer; events only say whose it is, what it cost and how it ended. */
function relayedEvents(answer: JsonObject): StreamEvent[] {
  const choices = listOf(answer.choices)
  if (choices.length === 0) throw withoutChoices()
  const events: StreamEvent[] = [
    { type: 'response-start', id: wordOf(answer.id) ?? '', model: wordOf(answer.model) ?? '' },
  ]
  const usage = decodeUsage(answer.usage)
  if (usage) events.push({ type: 'usage', usage })
  choices.forEach((choice, index) => {
    const raw = isObject(choice) ? wordOf(choice.finish_reason) : undefined
    const unified = raw === undefined ? 'stop' : decodeFinishReason(raw)
    const reason = raw === undefined ? { unified } : { unified, raw }
    events.push({ type: 'response-end', reason, ...(index > 0 && { choice: index }) })
  })
  return events
}

const withoutChoices = () => new GatewayError('stream-broken', 'The provider sent an answer without choices.')

function parse(body: Buffer): Json {
  const text = body.toString('utf8')
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as Json
  } catch (cause) {
    const what = text.trimStart().startsWith('<') ? 'a web page' : 'something that is not JSON'
    throw new GatewayError('stream-broken', `The provider sent ${what} instead of an answer.`, { cause })
  }
}

interface Choice {
  text: string
  reasoning: string
  refusal: string
  signature?: string
  calls: JsonObject[]
  images: JsonObject[]
  groundings: Grounding[]
  logprobs: TokenLogprob[]
  finish: string
}

/** All events of an answer as one `chat.completion`. */
export function encodeResponse(events: Iterable<StreamEvent>, context: AnswerContext): Buffer {
  const choices = new Map<number, Choice>()
  let usage: Usage | undefined
  const at = (index = 0): Choice => {
    let choice = choices.get(index)
    if (!choice) {
      choice = {
        text: '',
        reasoning: '',
        refusal: '',
        calls: [],
        images: [],
        groundings: [],
        logprobs: [],
        finish: 'stop',
      }
      choices.set(index, choice)
    }
    return choice
  }
  for (const event of events) {
    switch (event.type) {
      case 'text-delta': {
        const choice = at(event.choice)
        choice.text += event.text
        if (event.signature?.protocol === 'gemini-chat') choice.signature = event.signature.value
        break
      }
      case 'reasoning-delta':
        at(event.choice).reasoning += event.text
        break
      case 'refusal-delta':
        at(event.choice).refusal += event.text
        break
      case 'tool-call':
        at(event.choice).calls.push(encodeCall(event))
        break
      case 'media': {
        const media = encodeMedia(event)
        if (media.image) at(event.choice).images.push(media.image)
        else at(event.choice).text += media.text
        break
      }
      case 'grounding':
        at(event.choice).groundings.push(event.grounding)
        break
      case 'logprobs':
        for (const token of event.tokens) at(event.choice).logprobs.push(token)
        break
      case 'usage':
        usage = event.usage
        break
      case 'response-end': {
        const choice = at(event.choice)
        choice.finish = encodeFinishReason(event.reason.unified, choice.calls.length > 0)
        if (event.reason.unified === 'malformed-call') choice.text += malformedWords(choice.text, event.reason.message)
        break
      }
      case 'error':
        throw event.error
    }
  }
  const body: JsonObject = {
    id: `chatcmpl-${context.id}`,
    object: 'chat.completion',
    created: context.now,
    model: context.request.model,
    choices: [...choices].sort(([a], [b]) => a - b).map(([index, choice]) => encodeChoice(index, choice)),
    ...(usage && { usage: encodeUsage(usage) }),
  }
  return Buffer.from(JSON.stringify(body))
}

function encodeChoice(index: number, choice: Choice): JsonObject {
  const annotations = encodeCitations(choice.groundings, choice.text)
  const isSilent = choice.text === '' && (choice.calls.length > 0 || choice.refusal !== '')
  return {
    index,
    message: {
      role: 'assistant',
      content: isSilent ? null : choice.text,
      refusal: choice.refusal || null,
      ...(choice.reasoning && { reasoning_content: choice.reasoning }),
      annotations,
      ...(choice.calls.length > 0 && { tool_calls: choice.calls }),
      ...(choice.images.length > 0 && { images: choice.images }),
      ...(choice.signature && { extra_content: { google: { thought_signature: choice.signature } } }),
    },
    logprobs: choice.logprobs.length > 0 ? encodeLogprobs(choice.logprobs) : null,
    finish_reason: choice.finish,
  }
}

/** Chat has no word for a call that came to nothing; saying nothing would look like an answer. */
export function malformedWords(text: string, message: string | undefined): string {
  return `${text === '' ? '' : '\n\n'}[${message ?? 'The model made a tool call that could not be read.'}]`
}
