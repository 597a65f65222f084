import type { Grounding, StreamEvent, Usage } from '../../model/event.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ModelRequest } from '../../model/request.ts'
import type { AnswerContext, StreamEncoder } from '../codec.ts'
import { encodeCitations } from './citations.ts'
import { encodeCall, encodeLogprobs, encodeMedia, googleContent } from './encode-parts.ts'
import { encodeFinishReason } from './finish-reason.ts'
import { lookAt } from './look.ts'
import { malformedWords } from './response.ts'
import { encodeUsage } from './usage.ts'
import { objectOf } from './wire.ts'

interface Choice {
  calls: number
  texts: string[]
  groundings: Grounding[]
  ended: boolean
}

/** Events as `chat.completion.chunk` frames. After a failure nothing is written: no end, no [DONE]. */
export function encodeStream(context: AnswerContext): StreamEncoder {
  const wantsUsage = asksForUsage(context.request)
  const head = `data: {"id":${JSON.stringify(`chatcmpl-${context.id}`)},"object":"chat.completion.chunk","created":${context.now},"model":${JSON.stringify(context.request.model)},"choices":[`
  const choices = new Map<number, Choice>()
  let usage: Usage | undefined
  let failed = false

  const frame = (index: number, delta: string, finish = 'null', logprobs = 'null') =>
    `${head}{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finish}}]}\n\n`

  const deltaFrame = (index: number, delta: JsonObject) => frame(index, JSON.stringify(delta))

  /** The frames of one event, and before a choice's first the role. */
  const write = (event: StreamEvent): string => {
    if (!isOfChoice(event)) {
      if (event.type === 'usage') usage = event.usage
      else if (event.type === 'error') failed = true
      return ''
    }
    const index = event.choice ?? 0
    let choice = choices.get(index)
    let text = ''
    if (!choice) {
      choice = { calls: 0, texts: [], groundings: [], ended: false }
      choices.set(index, choice)
      text = frame(index, '{"role":"assistant","content":"","refusal":null}')
    }
    return choice.ended ? '' : text + writeInto(choice, index, event)
  }

  const writeInto = (choice: Choice, index: number, event: ChoiceEvent): string => {
    switch (event.type) {
      case 'text-delta': {
        if (event.text !== '') choice.texts.push(event.text)
        if (event.signature?.protocol === 'gemini-chat') {
          return deltaFrame(index, { content: event.text, ...googleContent(event.signature.value) })
        }
        return event.text === '' ? '' : frame(index, `{"content":${JSON.stringify(event.text)}}`)
      }
      case 'reasoning-delta':
        return event.text === '' ? '' : frame(index, `{"reasoning_content":${JSON.stringify(event.text)}}`)
      case 'refusal-delta':
        return event.text === '' ? '' : deltaFrame(index, { refusal: event.text })
      case 'tool-call': {
        const at = choice.calls++
        const call = encodeCall(event)
        const { arguments: args } = call.function as JsonObject
        const start = { index: at, ...call, function: { name: event.name, arguments: '' } }
        return (
          deltaFrame(index, { tool_calls: [start] }) +
          deltaFrame(index, { tool_calls: [{ index: at, function: { arguments: args } }] })
        )
      }
      case 'media': {
        const media = encodeMedia(event)
        if (media.image) return deltaFrame(index, { images: [media.image] })
        choice.texts.push(media.text)
        return deltaFrame(index, { content: media.text })
      }
      case 'logprobs':
        return frame(index, '{}', 'null', JSON.stringify(encodeLogprobs(event.tokens)))
      case 'grounding':
        choice.groundings.push(event.grounding)
        return ''
      case 'response-end': {
        choice.ended = true
        const finish = JSON.stringify(encodeFinishReason(event.reason.unified, choice.calls > 0))
        const annotations = encodeCitations(choice.groundings, choice.texts.join(''))
        const words =
          event.reason.unified === 'malformed-call'
            ? deltaFrame(index, { content: malformedWords(choice.texts.join(''), event.reason.message) })
            : ''
        return words + frame(index, annotations.length > 0 ? JSON.stringify({ annotations }) : '{}', finish)
      }
    }
  }

  return {
    write(events) {
      let text = ''
      for (const event of events) text += write(event)
      return text
    },
    end() {
      const isWhole = choices.size > 0 && [...choices.values()].every((choice) => choice.ended)
      if (failed || !isWhole) return ''
      const counted = wantsUsage && usage ? `${head}],"usage":${JSON.stringify(encodeUsage(usage))}}\n\n` : ''
      return `${counted}data: [DONE]\n\n`
    },
  }
}

type ChoiceEvent = StreamEvent & {
  type:
    | 'text-delta'
    | 'reasoning-delta'
    | 'refusal-delta'
    | 'tool-call'
    | 'media'
    | 'logprobs'
    | 'grounding'
    | 'response-end'
}

function isOfChoice(event: StreamEvent): event is ChoiceEvent {
  switch (event.type) {
    case 'response-start':
    case 'usage':
    case 'error':
      return false
    default:
      return true
  }
}

/** Some clients break on a usage chunk they did not ask for. */
function asksForUsage({ wire }: ModelRequest): boolean {
  if (wire.protocol !== 'openai-chat' || !wire.body.includes('"include_usage"')) return false
  return objectOf(lookAt(wire).value('stream_options'))?.include_usage === true
}
