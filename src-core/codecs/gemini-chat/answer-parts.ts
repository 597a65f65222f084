import type { StreamEvent } from '../../model/event.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Signature } from '../../model/request.ts'

/** What a filtered answer without any words is told in, so that it is not taken for a hiccup and asked again. */
const filteredText = 'The answer was withheld by the content filter of the model’s provider.'

/** The part that carries an event's content to a Gemini client; undefined when it carries none, or none this client asked for. */
export function answerPart(event: StreamEvent, wantsThoughts: boolean): JsonObject | undefined {
  switch (event.type) {
    case 'text-delta':
      return event.text === '' ? undefined : { text: event.text, ...own(event.signature) }
    case 'refusal-delta':
      return event.text === '' ? undefined : { text: event.text }
    case 'reasoning-delta':
      return wantsThoughts && event.text !== ''
        ? { text: event.text, thought: true, ...own(event.signature) }
        : undefined
    case 'tool-call':
      return { functionCall: { id: event.id, name: event.name, args: event.args }, ...own(event.signature) }
    case 'media':
      return { inlineData: { mimeType: event.mimeType, data: event.data } }
    default:
      return undefined
  }
}

function own(signature: Signature | undefined): JsonObject {
  return signature?.protocol === 'gemini-chat' ? { thoughtSignature: signature.value } : {}
}

/** The sentence for a filtered answer, with the provider's own words if it gave any. */
export function filteredPart(message: string | undefined): JsonObject {
  return { text: message ? `${filteredText} ${message}` : filteredText }
}
