import type { StreamEvent, TokenLogprob } from '../../model/event.ts'
import type { JsonObject } from '../../model/json.ts'

type Event<Type extends StreamEvent['type']> = StreamEvent & { type: Type }

/** A call as a message has it; Gemini's proof of reasoning goes where Google's own layer puts it. */
export function encodeCall({ id, name, args, signature }: Event<'tool-call'>): JsonObject {
  return {
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
    ...(signature?.protocol === 'gemini-chat' && googleContent(signature.value)),
  }
}

export function googleContent(signature: string): JsonObject {
  return { extra_content: { google: { thought_signature: signature } } }
}

/** Chat has no slot for media: pictures go into `images`, as several services have it, the rest into a link. */
export function encodeMedia({ mimeType, data }: Event<'media'>): { image?: JsonObject; text: string } {
  const url = `data:${mimeType};base64,${data}`
  if (mimeType.startsWith('image/')) return { image: { type: 'image_url', image_url: { url } }, text: '' }
  return { text: `[${mimeType}](${url})` }
}

export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  const content = tokens.map((token) => ({
    token: token.token,
    logprob: token.logprob,
    bytes: token.bytes ?? null,
    top_logprobs: (token.top ?? []).map((other) => ({ ...other, bytes: other.bytes ?? null })),
  }))
  return { content, refusal: null }
}
