import { describe, expect, test } from 'vitest'
import type { Codec } from '../../../src-core/codecs/codec.ts'
import type { StreamEvent } from '../../../src-core/model/event.ts'
import type { JsonObject } from '../../../src-core/model/json.ts'
import type { ModelRequest } from '../../../src-core/model/request.ts'
import type { Target } from '../../../src-core/model/target.ts'
import * as gemini from './gemini-chat/setting.ts'
import * as chat from './openai-chat/support.ts'

const calls = [
  { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Köln"}' } },
  { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '{"city":"東京"}' } },
]
const asked: JsonObject = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: 'call_2', content: 'rain' },
    { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
  ],
  tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }],
}

const sentTo = async (codec: Codec, request: ModelRequest, target: Target) =>
  (await codec.encodeRequest(request, target)).body.toString()

/** An answer as one protocol writes it, read again by the same protocol. */
function rewritten(codec: Codec, events: readonly StreamEvent[], request: ModelRequest, target: Target) {
  const body = codec.encodeResponse(events, { request, targetModel: 'm', now: 1, id: 'id1' })
  return codec.decodeResponse(body, { target, request, relay: false, toolNames: new Map(), note: () => {} }).events
}

const kept = (events: readonly StreamEvent[]) => ({
  calls: chat.callsIn(events),
  text: chat.textIn(events),
  ends: chat.endIn(events).map(({ unified }) => unified),
  usage: events.flatMap((event) => (event.type === 'usage' ? [event.usage] : [])),
})

// Of the four protocols two are spoken today; the others join this table with their codecs.
describe('A16: from chat to gemini and back', () => {
  test('a request keeps ids, parallel calls, their order and their results', async () => {
    const before = chat.codec.decodeRequest(chat.wireOf(JSON.stringify(asked)))
    const between = gemini.request(await sentTo(gemini.codec, before, gemini.target()))
    const after = chat.codec.decodeRequest(chat.wireOf(await sentTo(chat.codec, between, chat.targetOf())))
    const { system, messages, tools } = await after.conversation()
    const whole = await before.conversation()
    expect(system.map(({ text }) => text)).toEqual(['Be brief.'])
    expect(tools.map(({ name }) => name)).toEqual(['weather'])
    const callsOf = (list: typeof messages) =>
      list.flatMap(({ parts }) =>
        parts.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name, part.args]] : [])),
      )
    const answeredIds = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-result' ? [[part.id, JSON.stringify(part.value)]] : [])),
    )
    expect(callsOf(messages)).toEqual(callsOf(whole.messages))
    expect(Object.fromEntries(answeredIds)).toMatchObject({
      call_1: expect.stringContaining('sun'),
      call_2: expect.stringContaining('rain'),
    })
  })

  test.each([
    ['words', { content: 'Sunny.' }, 'stop'],
    ['parallel calls', { content: null, tool_calls: calls }, 'tool_calls'],
    ['a cut answer', { content: 'Sun' }, 'length'],
    ['a filtered one', { content: 'S' }, 'content_filter'],
  ])('an answer keeps ids, usage and how it ended: %s', (_, message, finish_reason) => {
    const body = {
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 5,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    }
    const first = chat.codec.decodeResponse(Buffer.from(JSON.stringify(body)), chat.decodeContext()).events
    const between = rewritten(gemini.codec, first, gemini.request(gemini.hello), gemini.target())
    const last = rewritten(chat.codec, between, chat.requestOf({}), chat.targetOf())
    expect(kept(between)).toEqual(kept(first))
    expect(kept(last)).toEqual(kept(first))
  })
})
