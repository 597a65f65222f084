import { createGeminiChatCodec, createSignatureStore } from '../../src-core/codecs/gemini-chat/index.ts'
import { createOpenaiChatCodec } from '../../src-core/codecs/openai-chat/index.ts'
import type { Envelope, ModelRequest, Protocol } from '../../src-core/model/request.ts'

const codecs = {
  'gemini-chat': createGeminiChatCodec({ signatures: createSignatureStore({ now: Date.now }) }),
  'openai-chat': createOpenaiChatCodec(),
}
const paths = { 'gemini-chat': '/v1beta/models/m:generateContent', 'openai-chat': '/v1/chat/completions' }

export type SpokenProtocol = Extract<Protocol, keyof typeof codecs>

/** A request as its codec reads it from the wire. */
export function requestOf(protocol: SpokenProtocol, body: unknown, envelope: Envelope = 'none'): ModelRequest {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
  return codecs[protocol].decodeRequest({
    id: 'x1',
    protocol,
    envelope,
    path: envelope === 'none' ? paths[protocol] : '/v1internal:generateContent',
    headers: {},
    body: bytes,
  })
}

export interface ConversationShape {
  system?: string
  messages: readonly string[]
  tools?: readonly { name: string; description: string; parameters: object }[]
}

/** The same conversation in the words of each protocol; user and model take turns. */
export function bodyOf(protocol: SpokenProtocol, { system, messages, tools = [] }: ConversationShape): object {
  if (protocol === 'gemini-chat') {
    return {
      ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
      ...(tools.length > 0 ? { tools: [{ functionDeclarations: tools }] } : {}),
      contents: messages.map((text, index) => ({ role: index % 2 ? 'model' : 'user', parts: [{ text }] })),
    }
  }
  return {
    model: 'm',
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      ...messages.map((content, index) => ({ role: index % 2 ? 'assistant' : 'user', content })),
    ],
    ...(tools.length > 0 ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) } : {}),
  }
}
