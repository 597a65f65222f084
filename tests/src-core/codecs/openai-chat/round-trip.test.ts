import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../../../src-core/model/event.ts'
import type { JsonObject } from '../../../../src-core/model/json.ts'
import type { Message, ToolCallPart } from '../../../../src-core/model/request.ts'
import {
  callsIn,
  codec,
  conversationOf,
  decodeContext,
  done,
  endIn,
  eventsOf,
  frame,
  requestOf,
  targetOf,
  textIn,
  wireOf,
} from './support.ts'

const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'é "q"\n')
const args = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<JsonObject>
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const call = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
  name: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  args,
})
/** Arguments as they are after the wire: JSON knows no undefined and no -0. */
const onWire = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('what goes through the wire comes back', () => {
  test('a request: texts, calls, ids, arguments, results', async () => {
    const round = fc.record({
      ask: words,
      say: fc.option(words, { nil: undefined }),
      calls: fc.uniqueArray(call, { selector: (each) => each.id, maxLength: 3 }),
      result: words,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), async (rounds) => {
        const taken = new Set<string>()
        const messages: Message[] = rounds.flatMap(({ ask, say, calls, result }) => {
          const fresh = calls.filter(({ id }) => !taken.has(id) && taken.add(id))
          const parts = fresh.map(
            (each): ToolCallPart => ({ type: 'tool-call', ...each, args: onWire(each.args) as JsonObject }),
          )
          const assistant: Message = {
            role: 'assistant',
            parts: [...(say ? [{ type: 'text' as const, text: say }] : []), ...parts],
          }
          const results: Message = {
            role: 'user',
            parts: parts.map(({ id, name }) => ({ type: 'tool-result' as const, id, name, value: result })),
          }
          return [{ role: 'user' as const, parts: [{ type: 'text' as const, text: ask }] }, assistant, results].filter(
            (message) => message.parts.length > 0,
          )
        })
        const sent = await codec.encodeRequest(requestOf({ messages }), targetOf())
        const back = await codec.decodeRequest(wireOf(sent.body.toString())).conversation()
        expect(back.messages).toEqual(messages)
      }),
    )
  })

  test('an answer: texts, calls, ids, arguments, choices, streamed and whole', async () => {
    const said = fc.oneof(
      fc.record({ type: fc.constant('text-delta' as const), text: words, choice: fc.constantFrom(undefined, 1) }),
      fc.record({ type: fc.constant('reasoning-delta' as const), text: words }),
      call.map((each) => ({ type: 'tool-call' as const, ...each, args: onWire(each.args) as JsonObject })),
    )
    const parts = fc.uniqueArray(said, { selector: (event) => ('id' in event ? event.id : event), maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(parts, fc.integer({ min: 1, max: 200 }), async (said, size) => {
        const ends = [0, ...(said.some((event) => 'choice' in event && event.choice) ? [1] : [])]
        const events: StreamEvent[] = [
          { type: 'response-start', id: 'r', model: 'm' },
          ...said,
          {
            type: 'usage',
            usage: { inputTokens: 3, cachedInputTokens: 1, outputTokens: 2, reasoningTokens: 1, totalTokens: 6 },
          },
          ...ends.map(
            (choice): StreamEvent => ({ type: 'response-end', reason: { unified: 'stop' }, ...(choice && { choice }) }),
          ),
        ]
        const body = { model: 'm', stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'x' }] }
        const context = { request: codec.decodeRequest(wireOf(body)), now: 1, id: 'i' }
        const encoder = codec.encodeStream(context)
        const streamed = await eventsOf(encoder.write(events) + encoder.end(), {}, size)
        const whole = codec.decodeResponse(codec.encodeResponse(events, context), decodeContext()).events
        for (const back of [streamed, whole]) {
          for (const choice of [undefined, 1]) {
            const of = (list: readonly StreamEvent[]) =>
              list.filter((event) => ('choice' in event ? event.choice === choice : choice === undefined))
            expect(textIn(of(back))).toBe(textIn(of(events)))
          }
          expect(callsIn(back)).toEqual(callsIn(events))
          expect(back.filter((event) => event.type === 'usage')).toEqual(
            events.filter((event) => event.type === 'usage'),
          )
          expect(endIn(back)).toHaveLength(ends.length)
        }
      }),
    )
  })
})

describe('streamed or whole, an answer says the same', () => {
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
  const signed = {
    id: 'b',
    type: 'function',
    function: { name: 'g', arguments: '{"x":1}' },
    extra_content: { google: { thought_signature: 's' } },
  }

  test.each<[string, JsonObject, string | null]>([
    ['text', { content: 'Hi' }, 'stop'],
    ['reasoning and text', { reasoning_content: 'hm', content: 'Hi' }, 'stop'],
    [
      'calls under the wrong reason',
      { content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }, signed] },
      'stop',
    ],
    [
      'calls without ids',
      { tool_calls: [{ function: { name: 'f', arguments: '{}' } }, { function: { name: 'f', arguments: '{}' } }] },
      'tool_calls',
    ],
    ['a broken call', { tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x' } }] }, 'tool_calls'],
    [
      'a call cut off',
      { content: 'Hi', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x' } }] },
      'length',
    ],
    ['a legacy call', { content: null, function_call: { name: 'f', arguments: '{}' } }, 'function_call'],
    ['a filtered answer', {}, 'content_filter'],
    ['a refusal', { content: null, refusal: 'no' }, 'stop'],
    ['no reason', { content: 'Hi' }, null],
    [
      'citations',
      {
        content: 'Hi',
        annotations: [
          { type: 'url_citation', url_citation: { url: 'https://a', title: 'A', start_index: 0, end_index: 2 } },
        ],
      },
      'stop',
    ],
    ['an image', { content: 'Hi', images: [{ image_url: { url: 'data:image/png;base64,AA' } }] }, 'stop'],
  ])('%s', async (_, message, finish_reason) => {
    const head = { id: 'c', created: 1, model: 'm', usage }
    const whole = {
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    }
    const chunk = { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta: message, finish_reason }] }
    const { events, wire } = codec.decodeResponse(Buffer.from(JSON.stringify(whole)), decodeContext())
    expect(wire).toBeUndefined()
    expect(events).toEqual(await eventsOf(frame(chunk) + done))
    const body = Buffer.from(JSON.stringify(whole))
    const relayed = codec.decodeResponse(body, decodeContext({ relay: true }))
    expect(relayed.wire).toBe(body)
    expect(relayed.events.map(({ type }) => type)).toEqual(['response-start', 'usage', 'response-end'])
    expect(relayed.events[1]).toEqual(events.find(({ type }) => type === 'usage'))
  })

  test.each(['<html>', '{"id":', '5', '[]', '{"id":"c"}', '{"choices":[]}', ''])('%j is no answer', (body) => {
    expect(() => codec.decodeResponse(Buffer.from(body), decodeContext())).toThrow(
      expect.objectContaining({ kind: 'stream-broken' }),
    )
  })

  test('a failure under status 200', () => {
    const { events, wire } = codec.decodeResponse(
      Buffer.from('{"error":{"message":"no","code":"1261"}}'),
      decodeContext({ relay: true }),
    )
    expect(events).toMatchObject([
      { type: 'error', error: { kind: 'provider-error', providerCode: '1261', message: 'no' } },
    ])
    expect(wire).toBeUndefined()
  })
})

test('a conversation decoded, encoded and decoded again is the same', async () => {
  const body = {
    messages: [
      { role: 'system', content: 'S' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
        ],
      },
      {
        role: 'assistant',
        content: 'ok',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'r' },
      { role: 'system', content: 'S2' },
      {
        role: 'user',
        content: [
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
          { type: 'file', file: { file_id: 'f' } },
        ],
      },
    ],
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
    tool_choice: 'required',
    temperature: 0.5,
    stop: ['E'],
    service_tier: 'flex',
  }
  const conversation = await conversationOf(body)
  const sent = await codec.encodeRequest(requestOf(conversation), targetOf())
  const again = await codec.decodeRequest(wireOf(sent.body.toString())).conversation()
  expect(again).toEqual(conversation)
})
