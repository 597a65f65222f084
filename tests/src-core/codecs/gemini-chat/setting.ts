import type { AnswerContext, DecodeContext } from '../../../../src-core/codecs/codec.ts'
import { createGeminiChatCodec, createSignatureStore } from '../../../../src-core/codecs/gemini-chat/index.ts'
import type { StreamEvent } from '../../../../src-core/model/event.ts'
import type { Conversation, Envelope, ModelRequest, Wire } from '../../../../src-core/model/request.ts'
import { plainDialect, type Target } from '../../../../src-core/model/target.ts'
import { decoded as chunksOf } from '../../../helpers/decoded.ts'

export function newCodec() {
  const signatures = createSignatureStore({ now: () => 0 })
  let calls = 0
  return { signatures, codec: createGeminiChatCodec({ signatures, newCallId: () => `made_${++calls}` }) }
}

export const { codec } = newCodec()

export const hello = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }

export function wireOf(body: unknown, path = '/v1beta/models/m:generateContent', envelope: Envelope = 'none'): Wire {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return { id: 'x1', protocol: 'gemini-chat', envelope, path, headers: {}, body: bytes }
}

export function request(body: unknown, path?: string, envelope?: Envelope): ModelRequest {
  return codec.decodeRequest(wireOf(body, path, envelope))
}

export function decoded(body: unknown): Promise<Conversation> {
  return request(body).conversation()
}

/** What a client of another protocol asked, as its codec would hand it over. */
export function foreign(conversation: Partial<Conversation>, stream = false): ModelRequest {
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
    protocol: 'openai-chat',
    model: 'm',
    stream,
    wire: {
      id: 'x1',
      protocol: 'openai-chat',
      envelope: 'none',
      path: '/v1/chat/completions',
      headers: {},
      body: Buffer.from('{}'),
    },
    traits: { bytes: 2, tools: false, media: false },
    conversation: async () => whole,
  }
}

export function target(model = 'gemini-3.5-flash', changes: Partial<Target> = {}): Target {
  return {
    id: `gemini.${model}`,
    provider: 'gemini',
    credential: 'default',
    model,
    protocol: 'gemini-chat',
    envelope: 'none',
    maxContextTokens: 1_000_000,
    limitFrom: 'config',
    dialect: plainDialect,
    ...changes,
  }
}

export async function sent(from: ModelRequest, to = target(), by = codec) {
  const encoded = await by.encodeRequest(from, to)
  return { ...encoded, json: JSON.parse(encoded.body.toString()) }
}

export function decodeContext(changes: Partial<DecodeContext> = {}): DecodeContext {
  return { target: target(), request: request(hello), relay: false, toolNames: new Map(), note: () => {}, ...changes }
}

export function answerContext(from: ModelRequest = request(hello)): AnswerContext {
  return { request: from, targetModel: 'backend-model', now: 1, id: 'id1' }
}

export function sse(...answers: unknown[]): string {
  return answers.map((answer) => `data: ${JSON.stringify(answer)}\n\n`).join('')
}

export function says(...parts: unknown[]) {
  return { candidates: [{ index: 0, content: { role: 'model', parts } }], modelVersion: 'mv', responseId: 'r1' }
}

export function stops(finishReason = 'STOP', rest: object = {}) {
  return { candidates: [{ index: 0, finishReason }], ...rest }
}

export const reads = (...pieces: (string | Buffer)[]): Buffer[] => pieces.map((piece) => Buffer.from(piece as string))

export async function eventsOf(stream: string, changes: Partial<DecodeContext> = {}): Promise<StreamEvent[]> {
  const chunks = chunksOf(codec.decodeStream(decodeContext(changes)), reads(stream))
  return chunks.flatMap(({ events }) => events)
}

/**
 * The Gemini CLI's own way of reading a stream: white space, `data: `, one line, a blank line, again and again from
 * the start of what is left. Throws where the CLI would.
 */
export function readAsCli(stream: string): Record<string, unknown>[] {
  const block = /^\s*data: (.*)(?:\n\n|\r\r|\r\n\r\n)/
  const answers: Record<string, unknown>[] = []
  let rest = stream
  for (let match = block.exec(rest); match; match = block.exec(rest)) {
    answers.push(JSON.parse(match[1]!))
    rest = rest.slice(match[0].length)
  }
  if (rest.trim() !== '') throw new Error(`Incomplete JSON segment at the end: ${rest.slice(0, 80)}`)
  return answers
}
