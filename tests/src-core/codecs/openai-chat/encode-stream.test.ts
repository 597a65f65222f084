import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../../src-core/model/error.ts'
import type { Grounding, StreamEvent } from '../../../../src-core/model/event.ts'
import type { JsonObject } from '../../../../src-core/model/json.ts'
import { codec, framesIn, wireOf } from './support.ts'

const contextFor = (body: JsonObject = {}) => {
  const request = codec.decodeRequest(
    wireOf({ model: 'case-model', messages: [{ role: 'user', content: 'x' }], ...body }),
  )
  return { request, now: 1_700_000_000, id: 'abc', targetModel: 'gemini-3-pro' }
}
const usage: StreamEvent = {
  type: 'usage',
  usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 20, reasoningTokens: 30, totalTokens: 150 },
}
const wireUsage = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 40 },
  completion_tokens_details: { reasoning_tokens: 30 },
}
const end = (
  unified: 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'malformed-call' | 'other' = 'stop',
  choice?: number,
): StreamEvent => ({ type: 'response-end', reason: { unified }, ...(choice && { choice }) })
const start: StreamEvent = { type: 'response-start', id: 'r1', model: 'm' }
const call: StreamEvent = {
  type: 'tool-call',
  id: 'a',
  name: 'f',
  args: { city: 'Romé' },
  signature: { protocol: 'gemini-chat', value: 'c2ln' },
}
const askUsage = { stream_options: { include_usage: true } }

function written(events: StreamEvent[], body: JsonObject = {}): string {
  const encoder = codec.encodeStream(contextFor(body))
  return events.map((event) => encoder.write([event])).join('') + encoder.end()
}
const deltas = (text: string) =>
  framesIn(text).flatMap((frame) => (frame.choices as JsonObject[]).map((choice) => choice.delta))
const finishes = (text: string) =>
  framesIn(text).flatMap((frame) => (frame.choices as JsonObject[]).flatMap((choice) => choice.finish_reason ?? []))

describe('an answer as a stream', () => {
  test('role, thoughts, text, calls, end, usage, [DONE]', () => {
    const text = written(
      [
        start,
        { type: 'reasoning-delta', text: 'Plan' },
        { type: 'text-delta', text: 'I "will"\n' },
        call,
        { ...call, id: 'b', signature: undefined, args: {} } as StreamEvent,
        usage,
        end('tool-calls'),
      ],
      askUsage,
    )
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    const frames = framesIn(text)
    for (const frame of frames)
      expect(frame).toMatchObject({
        id: 'chatcmpl-abc',
        object: 'chat.completion.chunk',
        created: 1_700_000_000,
        model: 'case-model',
      })
    expect(deltas(text)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { reasoning_content: 'Plan' },
      { content: 'I "will"\n' },
      {
        tool_calls: [
          {
            index: 0,
            id: 'a',
            type: 'function',
            function: { name: 'f', arguments: '' },
            extra_content: { google: { thought_signature: 'c2ln' } },
          },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"city":"Romé"}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ])
    expect(finishes(text)).toEqual(['tool_calls'])
    expect(frames.at(-1)).toMatchObject({ choices: [], usage: wireUsage })
  })

  test('usage only when asked for', () => {
    expect(
      framesIn(written([start, { type: 'text-delta', text: 'x' }, usage, end()])).some((frame) => 'usage' in frame),
    ).toBe(false)
    expect(written([start, end()], askUsage)).not.toContain('prompt_tokens')
  })

  test.each([
    ['stop', false, 'stop'],
    ['stop', true, 'tool_calls'],
    ['tool-calls', true, 'tool_calls'],
    ['other', false, 'stop'],
    ['length', true, 'length'],
    ['content-filter', false, 'content_filter'],
  ] as const)('%s, with calls %j: %s', (unified, withCall, word) => {
    expect(finishes(written([start, ...(withCall ? [call] : []), end(unified)]))).toEqual([word])
  })

  test('an empty answer is a role and an end', () => {
    expect(deltas(written([start, end('length')]))).toEqual([{ role: 'assistant', content: '', refusal: null }, {}])
  })

  test('a call that came to nothing is said in words', () => {
    const text = written([start, { type: 'response-end', reason: { unified: 'malformed-call', message: 'Bad call.' } }])
    expect(deltas(text)).toContainEqual({ content: '[Bad call.]' })
  })

  test('several choices', () => {
    const text = written([
      start,
      { type: 'text-delta', text: 'A' },
      { type: 'text-delta', text: 'B', choice: 1 },
      { ...call, choice: 1 } as StreamEvent,
      end('length'),
      end('stop', 1),
    ])
    expect(framesIn(text).map((frame) => (frame.choices as JsonObject[])[0]!.index)).toEqual([0, 0, 1, 1, 1, 1, 0, 1])
    expect(finishes(text)).toEqual(['length', 'tool_calls'])
  })

  test('after a failure: no end, no [DONE]', () => {
    const error = new GatewayError('stream-broken', 'It broke.')
    const text = written([start, { type: 'text-delta', text: 'A' }, { type: 'error', error }])
    expect(finishes(text)).toEqual([])
    expect(text).not.toContain('[DONE]')
    expect(codec.encodeError(error).inStream).toBe(
      'data: {"error":{"message":"It broke.","type":"server_error","param":null,"code":"stream_broken"}}\n\n',
    )
  })

  test('a failure after the end of one choice: no [DONE] still', () => {
    const error = new GatewayError('stream-broken', 'It broke.')
    expect(written([start, end(), { type: 'error', error }])).not.toContain('[DONE]')
  })

  test('broken off without a word: no [DONE] either', () => {
    expect(written([start, { type: 'text-delta', text: 'A' }])).not.toContain('[DONE]')
    expect(written([])).toBe('')
  })

  test('refusals, pictures, other media, log probabilities, signed text', () => {
    const token = { token: 'a', logprob: -1, top: [{ token: 'b', logprob: -2 }] }
    const text = written([
      start,
      { type: 'refusal-delta', text: 'no' },
      { type: 'media', mimeType: 'image/png', data: 'AA' },
      { type: 'media', mimeType: 'audio/wav', data: 'AA' },
      { type: 'logprobs', tokens: [token] },
      { type: 'text-delta', text: '', signature: { protocol: 'gemini-chat', value: 's' } },
      end(),
    ])
    expect(deltas(text).slice(1)).toEqual([
      { refusal: 'no' },
      { images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] },
      { content: '[audio/wav](data:audio/wav;base64,AA)' },
      {},
      { content: '', extra_content: { google: { thought_signature: 's' } } },
      {},
    ])
    expect(
      framesIn(text).flatMap((frame) => (frame.choices as JsonObject[]).flatMap((choice) => choice.logprobs ?? [])),
    ).toEqual([
      {
        content: [{ token: 'a', logprob: -1, bytes: null, top_logprobs: [{ token: 'b', logprob: -2, bytes: null }] }],
        refusal: null,
      },
    ])
  })
})

const grounding: Grounding = {
  queries: ['q'],
  sources: [{ url: 'https://a', title: 'A' }, { url: 'https://b' }],
  supports: [{ startByte: 21, endByte: 28, text: 'Second.', sourceIndexes: [0, 1] }],
}

describe('citations count characters', () => {
  const cite = (url: string, title: string, start_index: number, end_index: number) => ({
    type: 'url_citation',
    url_citation: { start_index, end_index, title, url },
  })

  test.each<[string, string, Grounding, unknown[]]>([
    [
      'through UTF-8',
      'Žluťoučký kůň. Second.',
      grounding,
      [cite('https://a', 'A', 15, 22), cite('https://b', '', 15, 22)],
    ],
    [
      'past emoji',
      '😀 ok',
      { queries: [], sources: [{ url: 'https://a' }], supports: [{ startByte: 5, endByte: 7, sourceIndexes: [0] }] },
      [cite('https://a', '', 2, 4)],
    ],
    [
      'in a later part, found by its words',
      'First part. Žlutá pravda.',
      {
        queries: [],
        sources: [{ url: 'https://a' }],
        supports: [{ startByte: 0, endByte: 15, text: 'Žlutá pravda.', partIndex: 1, sourceIndexes: [0] }],
      },
      [cite('https://a', '', 12, 25)],
    ],
    [
      'a source nothing points at',
      'Hi',
      { queries: [], sources: [{ url: 'https://a' }], supports: [] },
      [cite('https://a', '', 2, 2)],
    ],
    [
      'offsets outside',
      'Hi',
      {
        queries: [],
        sources: [{ url: 'https://a' }],
        supports: [{ startByte: -4, endByte: 99, sourceIndexes: [0, 7] }],
      },
      [cite('https://a', '', 0, 2)],
    ],
  ])('%s', (_, text, each, annotations) => {
    const events: StreamEvent[] = [start, { type: 'grounding', grounding: each }, { type: 'text-delta', text }, end()]
    expect(deltas(written(events)).at(-1)).toEqual({ annotations })
    const body = JSON.parse(codec.encodeResponse(events, contextFor()).toString()) as JsonObject
    expect(body.choices).toMatchObject([{ message: { content: text, annotations } }])
  })
})

describe('a whole answer', () => {
  const body = (...events: StreamEvent[]) =>
    JSON.parse(codec.encodeResponse([start, ...events], contextFor()).toString()) as JsonObject

  test('every field a client may look for', () => {
    expect(body({ type: 'text-delta', text: 'o' }, { type: 'text-delta', text: 'k' }, usage, end())).toEqual({
      id: 'chatcmpl-abc',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'case-model',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'ok', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: wireUsage,
    })
  })

  test('calls and no text', () => {
    expect(body({ type: 'reasoning-delta', text: 'hm' }, call, end()).choices).toMatchObject([
      {
        message: {
          content: null,
          reasoning_content: 'hm',
          tool_calls: [
            {
              id: 'a',
              type: 'function',
              function: { name: 'f', arguments: '{"city":"Romé"}' },
              extra_content: { google: { thought_signature: 'c2ln' } },
            },
          ],
        },
        finish_reason: 'tool_calls',
      },
    ])
  })

  test('nothing, a refusal, a broken call', () => {
    expect(body(end('length')).choices).toMatchObject([{ message: { content: '' }, finish_reason: 'length' }])
    expect(body({ type: 'refusal-delta', text: 'no' }, end()).choices).toMatchObject([
      { message: { content: null, refusal: 'no' } },
    ])
    expect(
      body({ type: 'text-delta', text: 'x' }, { type: 'response-end', reason: { unified: 'malformed-call' } }).choices,
    ).toMatchObject([{ message: { content: expect.stringMatching(/^x\n\n\[The model/) }, finish_reason: 'stop' }])
  })

  test('choices in order', () => {
    const { choices } = body(
      { type: 'text-delta', text: 'B', choice: 1 },
      { type: 'text-delta', text: 'A' },
      end('stop', 1),
      end('length'),
    )
    expect(choices).toMatchObject([
      { index: 0, finish_reason: 'length', message: { content: 'A' } },
      { index: 1, message: { content: 'B' } },
    ])
  })
})
