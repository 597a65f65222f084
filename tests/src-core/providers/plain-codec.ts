import type { Codec, DecodeContext } from '../../../src-core/codecs/codec.ts'
import { createFrameSplitter, type FrameRun } from '../../../src-core/codecs/sse.ts'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { StreamChunk, StreamEvent } from '../../../src-core/model/event.ts'
import { isObject, type Json, type JsonObject } from '../../../src-core/model/json.ts'
import type { Conversation, ModelRequest } from '../../../src-core/model/request.ts'
import { plainDialect, type Target } from '../../../src-core/model/target.ts'

/** The smallest honest codec: one `{say}`, `{end}` or `{error}` object a frame, so that these tests are about calling alone. */
export const plainCodec: Pick<Codec, 'protocol' | 'encodeRequest' | 'decodeStream' | 'decodeResponse'> = {
  protocol: 'openai-chat',
  async encodeRequest(request) {
    return {
      path: '/chat/completions',
      body: request.wire.body,
      relayed: !request.rewritten,
      toolNames: new Map(),
      dropped: [],
    }
  },
  decodeStream(context) {
    const splitter = createFrameSplitter()
    let done = false
    const chunkOf = (run: FrameRun | undefined): StreamChunk | undefined => {
      if (!run) return undefined
      const events: StreamEvent[] = []
      for (const { data } of run.frames()) events.push(...eventsOf(parse(data), context))
      done ||= events.some(({ type }) => type === 'response-end' || type === 'error')
      return context.relay ? { events, wire: run.bytes } : { events }
    }
    return {
      push: (read) => chunkOf(splitter.push(read)),
      end() {
        const last = chunkOf(splitter.end())
        if (done) return last
        const early: StreamEvent = { type: 'error', error: new GatewayError('stream-broken', 'It ended too early.') }
        return last ? { ...last, events: [...last.events, early] } : { events: [early] }
      },
      done() {
        return done
      },
    }
  },
  decodeResponse(body, context): StreamChunk {
    return { events: eventsOf(parse(body.toString()), context) }
  },
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new GatewayError('stream-broken', 'The provider sent what is not JSON.', { cause })
  }
}

function eventsOf(value: Json, { target }: DecodeContext): StreamEvent[] {
  if (!isObject(value)) throw new GatewayError('stream-broken', 'The provider sent no object.')
  const events: StreamEvent[] = []
  if (isObject(value.error)) {
    const cause: JsonObject = { error: value.error }
    events.push({ type: 'error', error: new GatewayError('provider-error', 'An error.', { target: target.id, cause }) })
  }
  if (value.start) events.push({ type: 'response-start', id: '1', model: 'm' })
  if (typeof value.say === 'string') events.push({ type: 'text-delta', text: value.say })
  if (value.end) events.push({ type: 'response-end', reason: { unified: 'stop' } })
  return events
}

export function modelRequest(
  more: Partial<ModelRequest> & { body?: Json; headers?: ModelRequest['wire']['headers'] } = {},
): ModelRequest {
  const { body = { model: 'm', messages: [] }, headers = {}, ...rest } = more
  const bytes = Buffer.from(JSON.stringify(body))
  const wire = {
    id: 'x1',
    protocol: 'openai-chat',
    envelope: 'none',
    path: '/v1/chat/completions',
    headers,
    body: bytes,
  } as const
  return {
    protocol: 'openai-chat',
    model: 'm',
    stream: false,
    wire,
    traits: { bytes: bytes.length, tools: false, media: false },
    conversation: () => Promise.reject(new Error('not needed here')),
    ...rest,
  }
}

export function conversation(more: Partial<Conversation> = {}): Conversation {
  return { system: [], messages: [], tools: [], serverTools: [], generation: {}, extensions: {}, ...more }
}

export const plainTarget: Target = {
  id: 'p.m',
  provider: 'p',
  credential: 'default',
  model: 'm',
  protocol: 'openai-chat',
  envelope: 'none',
  maxContextTokens: 1000,
  limitFrom: 'config',
  dialect: plainDialect,
}
