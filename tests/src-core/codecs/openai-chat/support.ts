import type { DecodeContext } from '../../../../src-core/codecs/codec.ts'
import { createOpenaiChatCodec } from '../../../../src-core/codecs/openai-chat/index.ts'
import type { StreamChunk, StreamEvent } from '../../../../src-core/model/event.ts'
import type { Json, JsonObject } from '../../../../src-core/model/json.ts'
import type { Conversation, ModelRequest, Protocol, Wire } from '../../../../src-core/model/request.ts'
import { type Dialect, plainDialect, type Target } from '../../../../src-core/model/target.ts'
import { decoded } from '../../../helpers/decoded.ts'

export const codec = createOpenaiChatCodec()

export function wireOf(body: unknown, protocol: Protocol = 'openai-chat'): Wire {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { id: 'x1', protocol, envelope: 'none', path: '/v1/chat/completions', headers: {}, body: Buffer.from(text) }
}

export function targetOf(dialect: Partial<Dialect> = {}, rest: Partial<Target> = {}): Target {
  return {
    id: 'azure.gpt-5',
    provider: 'azure',
    credential: 'default',
    model: 'gpt-5',
    protocol: 'openai-chat',
    envelope: 'none',
    maxContextTokens: 100_000,
    limitFrom: 'config',
    dialect: { ...plainDialect, ...dialect },
    ...rest,
  }
}

/** A request of another protocol, so that it is encoded and not relayed. */
export function requestOf(conversation: Partial<Conversation>, rest: Partial<ModelRequest> = {}): ModelRequest {
  const whole: Conversation = {
    system: [],
    messages: [],
    tools: [],
    serverTools: [],
    generation: {},
    extensions: {},
    ...conversation,
  }
  return {
    protocol: 'gemini-chat',
    model: 'gemini-3-pro',
    stream: false,
    wire: wireOf({}, 'gemini-chat'),
    traits: { bytes: 2, tools: false, media: false },
    conversation: async () => whole,
    ...rest,
  }
}

export function conversationOf(body: JsonObject): Promise<Conversation> {
  const messages = [{ role: 'user', content: 'x' }]
  return codec.decodeRequest(wireOf({ model: 'm', messages, ...body })).conversation()
}

/** What goes out to the provider, parsed. */
export async function bodyOf(
  conversation: Partial<Conversation>,
  dialect: Partial<Dialect> = {},
  rest: Partial<ModelRequest> = {},
): Promise<JsonObject> {
  const { body } = await codec.encodeRequest(requestOf(conversation, rest), targetOf(dialect))
  return JSON.parse(body.toString()) as JsonObject
}

export function decodeContext(rest: Partial<DecodeContext> = {}): DecodeContext {
  return { target: targetOf(), request: requestOf({}), relay: false, toolNames: new Map(), note: () => {}, ...rest }
}

function* inPieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function chunksOf(
  text: string,
  rest: Partial<DecodeContext> = {},
  size = 1 << 20,
): Promise<StreamChunk[]> {
  return decoded(codec.decodeStream(decodeContext(rest)), inPieces(Buffer.from(text), size))
}

export async function eventsOf(text: string, rest: Partial<DecodeContext> = {}, size?: number): Promise<StreamEvent[]> {
  return (await chunksOf(text, rest, size)).flatMap((chunk) => chunk.events)
}

/** One frame with a chunk of choice 0. */
export function delta(fields: JsonObject, finish: string | null = null, rest: JsonObject = {}): string {
  const choice = { index: 0, delta: fields, finish_reason: finish }
  return frame({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice], ...rest })
}

export function frame(value: Json): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

export const done = 'data: [DONE]\n\n'

export function callsIn(events: readonly StreamEvent[]) {
  return events.flatMap((event) => (event.type === 'tool-call' ? [[event.id, event.name, event.args]] : []))
}

export function endIn(events: readonly StreamEvent[]) {
  return events.flatMap((event) => (event.type === 'response-end' ? [event.reason] : []))
}

export function errorIn(events: readonly StreamEvent[]) {
  return events.flatMap((event) => (event.type === 'error' ? [event.error] : []))[0]
}

export function textIn(events: readonly StreamEvent[]): string {
  return events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('')
}

/** The frames an encoder wrote, parsed. */
export function framesIn(text: string): JsonObject[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('data: {'))
    .map((block) => JSON.parse(block.slice(6)) as JsonObject)
}
