import { GatewayError } from '../../model/error.ts'
import { isObject, type Json } from '../../model/json.ts'
import type { Conversation, ModelRequest, RequestSections, RequestTraits, Wire } from '../../model/request.ts'
import { holdsOne, words } from '../byte-search.ts'
import { type Peek, parseJson, peek } from '../json-body.ts'
import { requireModelName } from '../model-name.ts'
import { decodeConversation } from './decode-conversation.ts'
import { lookAt } from './look.ts'
import { badRequest, objectOf } from './wire.ts'

/** What routing needs, found by one scan of the bytes; the conversation waits until somebody asks. */
export function decodeRequest(wire: Wire): ModelRequest {
  const body = lookAt(wire)
  const model = body.string('model')?.trim()
  if (!model) {
    throw new GatewayError('bad-request', 'The request names no model. Set "model" to the one you want.', {
      path: 'model',
    })
  }
  requireModelName(model)
  if (body.itemCount('messages') === 0) throw badRequest('messages', 'must be a list with at least one message')
  let conversation: Promise<Conversation> | undefined
  let sections: RequestSections | undefined
  return {
    protocol: 'openai-chat',
    model,
    stream: body.boolean('stream') ?? false,
    wire,
    traits: traitsOf(body, wire.body),
    sections: () => (sections ??= sectionsOf(body, wire.body)),
    conversation: () => (conversation ??= parseJson(wire.body).then(decodeConversation)),
  }
}

function traitsOf(body: Peek, bytes: Buffer): RequestTraits {
  const wished = body.number('max_completion_tokens') ?? body.number('max_tokens')
  return {
    bytes: bytes.length,
    tools: body.itemCount('tools') > 0 || body.itemCount('functions') > 0,
    media: latestTurnHasMedia(body, bytes),
    ...(wished !== undefined && wished > 0 && { wishedOutputTokens: wished }),
  }
}

/** Instructions are the messages before the first that is none. */
function sectionsOf(body: Peek, bytes: Buffer): RequestSections {
  const messages = body.items('messages')
  const first = messages.findIndex(({ start, end }) => !instructs(bytes.subarray(start, end)))
  const count = first < 0 ? messages.length : first
  return {
    system: messages.slice(0, count),
    tools: [...body.items('tools'), ...body.items('functions')],
    messages: messages.slice(count),
  }
}

function instructs(message: Buffer): boolean {
  const role = roleOf(message)
  return role === 'system' || role === 'developer'
}

function roleOf(message: Buffer): string | undefined {
  return message[0] === 0x7b ? peek(message).string('role') : undefined
}

const mediaTypes = new Set([
  'image_url',
  'input_image',
  'input_audio',
  'video_url',
  'file',
  'input_file',
  'image',
  'document',
])

/** The last user message and what tools said after it. Plain text, however long, is not parsed. */
function latestTurnHasMedia(body: Peek, bytes: Buffer): boolean {
  const { start, end } = body.items('messages').at(-1)!
  const isUser = roleOf(bytes.subarray(start, end)) === 'user'
  const hasParts = body.lastItemsHold('messages', 1, partTrace)
  if (isUser || !mentionsMedia(bytes)) return hasParts && hasMedia(objectOf(body.lastItem('messages'))?.content)
  const messages = body.value('messages')
  if (!Array.isArray(messages)) return false
  for (const message of messages.toReversed()) {
    if (!isObject(message)) continue
    if (message.role !== 'assistant' && hasMedia(message.content)) return true
    if (message.role === 'user') return false
  }
  return false
}

/** What every part of a message that is more than a text has. */
const partTrace = words('"type"')
/** Ends of the names only media parts have; searching for an underscore is a hundred times faster than for a quote. */
const traces = words('_url"', '_image"', '_audio"', '_file"', '_data"', '_type"')

/** Spares the parsing of histories that hold none. */
function mentionsMedia(bytes: Buffer): boolean {
  return holdsOne(bytes, traces)
}

function hasMedia(content: Json | undefined): boolean {
  if (!Array.isArray(content)) return false
  return content.some((part) => {
    if (!isObject(part)) return false
    return mediaTypes.has(String(part.type)) || (part.type === 'tool_result' && hasMedia(part.content))
  })
}
