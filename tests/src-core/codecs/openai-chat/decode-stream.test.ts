import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../../../src-core/model/event.ts'
import type { Json, JsonObject } from '../../../../src-core/model/json.ts'
import { decoded } from '../../../helpers/decoded.ts'
import {
  callsIn,
  chunksOf,
  codec,
  decodeContext,
  delta,
  done,
  endIn,
  errorIn,
  eventsOf,
  frame,
  textIn,
} from './support.ts'

const call = (fields: JsonObject, called: JsonObject = {}): JsonObject => ({
  tool_calls: [{ ...fields, function: called }],
})
const calls = (...list: Json[]): JsonObject => ({ tool_calls: list })
const fn = (name: string, args: Json): JsonObject => ({ name, arguments: args })
const id = expect.stringMatching(/^call_[0-9a-f]{24}$/)

describe('tool calls, as services stream them', () => {
  test.each<[string, string[], [unknown, string, JsonObject][]]>([
    [
      'interleaved fragments of two calls',
      [
        delta(call({ index: 0, id: 'a', type: 'function' }, fn('f', ''))),
        delta(call({ index: 1, id: 'b', type: 'function' }, fn('g', ''))),
        delta(call({ index: 0 }, { arguments: '{"x' })),
        delta(call({ index: 1 }, { arguments: '{"y":' })),
        delta(call({ index: 0 }, { arguments: '":1}' })),
        delta(call({ index: 1 }, { arguments: '2}' })),
      ],
      [
        ['a', 'f', { x: 1 }],
        ['b', 'g', { y: 2 }],
      ],
    ],
    [
      'all calls at index 0',
      [delta(call({ index: 0, id: 'a' }, fn('f', '{"x":1}'))), delta(call({ index: 0, id: 'b' }, fn('f', '{"x":2}')))],
      [
        ['a', 'f', { x: 1 }],
        ['b', 'f', { x: 2 }],
      ],
    ],
    [
      'all calls at index 0 in one delta and without ids',
      [delta(calls({ index: 0, function: fn('f', '{}') }, { index: 0, function: fn('f', '{}') }))],
      [
        [id, 'f', {}],
        [id, 'f', {}],
      ],
    ],
    [
      'no index at all, known by id',
      [
        delta(call({ id: 'a' }, fn('f', '{"x"'))),
        delta(call({ id: 'b' }, fn('g', '{'))),
        delta(call({ id: 'a' }, { arguments: ':1}' })),
        delta(call({ id: 'b' }, { arguments: '}' })),
      ],
      [
        ['a', 'f', { x: 1 }],
        ['b', 'g', {}],
      ],
    ],
    [
      'no index, fragments without an id belong to the last call',
      [
        delta(call({ id: 'a' }, fn('f', ''))),
        delta(call({}, { arguments: '{"x":' })),
        delta(call({}, { arguments: '1}' })),
      ],
      [['a', 'f', { x: 1 }]],
    ],
    [
      'neither index nor id, whole calls one after the other',
      [delta(call({}, fn('f', '{"x":1}'))), delta(call({}, fn('f', '{"x":2}')))],
      [
        [id, 'f', { x: 1 }],
        [id, 'f', { x: 2 }],
      ],
    ],
    [
      'empty id and name in later deltas',
      [delta(call({ index: 0, id: 'a' }, fn('f', ''))), delta(call({ index: 0, id: '' }, fn('', '{"x":1}')))],
      [['a', 'f', { x: 1 }]],
    ],
    [
      'the name repeated in each delta',
      [
        delta(call({ index: 0, id: 'a' }, fn('f', '{"x":'))),
        delta(call({ index: 0, id: 'a' }, fn('f', '1'))),
        delta(call({ index: 0 }, fn('f', '}'))),
      ],
      [['a', 'f', { x: 1 }]],
    ],
    [
      'the name in pieces',
      [delta(call({ index: 0, id: 'a' }, fn('get_', ''))), delta(call({ index: 0 }, fn('time', '{}')))],
      [['a', 'get_time', {}]],
    ],
    [
      'the id after the name',
      [delta(call({ index: 0 }, fn('f', ''))), delta(call({ index: 0, id: 'late' }, { arguments: '{}' }))],
      [['late', 'f', {}]],
    ],
    [
      'the name after the arguments',
      [delta(call({ index: 0, id: 'a' }, { arguments: '{"x":1}' })), delta(call({ index: 0 }, { name: 'f' }))],
      [['a', 'f', { x: 1 }]],
    ],
    ['the first call at index 1', [delta(call({ index: 1, id: 'a' }, fn('f', '{}')))], [['a', 'f', {}]]],
    ['an index as text', [delta(call({ index: '0', id: 'a' }, fn('f', '{"x":1}')))], [['a', 'f', { x: 1 }]]],
    ['arguments as an object', [delta(call({ index: 0, id: 'a' }, fn('f', { x: 1 })))], [['a', 'f', { x: 1 }]]],
    ['arguments null', [delta(call({ index: 0, id: 'a' }, fn('f', null)))], [['a', 'f', {}]]],
    ['arguments the text null', [delta(call({ index: 0, id: 'a' }, fn('f', 'null')))], [['a', 'f', {}]]],
    ['arguments never', [delta(call({ index: 0, id: 'a' }, { name: 'f' }))], [['a', 'f', {}]]],
    ['arguments a list', [delta(call({ index: 0, id: 'a' }, fn('f', '[1]')))], [['a', 'f', { input: [1] }]]],
    ['arguments JSON in JSON', [delta(call({ index: 0, id: 'a' }, fn('f', '"{\\"x\\":1}"')))], [['a', 'f', { x: 1 }]]],
    [
      'a placeholder object before the arguments',
      [delta(call({ index: 0, id: 'a' }, fn('f', '{}'))), delta(call({ index: 0 }, { arguments: '{"x":1}' }))],
      [['a', 'f', { x: 1 }]],
    ],
    [
      'two calls with one id',
      [delta(calls({ index: 0, id: 'a', function: fn('f', '{}') }, { index: 1, id: 'a', function: fn('g', '{}') }))],
      [
        ['a', 'f', {}],
        [id, 'g', {}],
      ],
    ],
    [
      'the legacy function_call',
      [delta({ function_call: { name: 'f', arguments: '{"x"' } }), delta({ function_call: { arguments: ':1}' } })],
      [[id, 'f', { x: 1 }]],
    ],
    [
      'one call that is not in a list',
      [delta({ tool_calls: { index: 0, id: 'a', function: fn('f', '{}') } })],
      [['a', 'f', {}]],
    ],
    [
      'a custom tool',
      [delta(calls({ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '{"x":1}' } }))],
      [['a', 'f', { x: 1 }]],
    ],
  ])('%s', async (_, frames, expected) => {
    for (const finish of [delta({}, 'tool_calls'), delta({}, 'stop'), '']) {
      const events = await eventsOf(frames.join('') + finish + done)
      expect(callsIn(events)).toEqual(expected)
      expect(new Set(callsIn(events).map(([id]) => id)).size).toBe(expected.length)
      expect(endIn(events)).toMatchObject([{ unified: 'tool-calls' }])
    }
  })

  test('a prefix that parses is no call: arguments are read at the end', async () => {
    const events = await eventsOf(
      delta(call({ index: 0, id: 'a' }, fn('rm', '{"path":"/tmp"}'))) +
        delta(call({ index: 0 }, { arguments: ' ' })) +
        delta({}, 'tool_calls') +
        done,
    )
    const types = events.map((event) => event.type)
    expect(types).toEqual(['response-start', 'tool-call', 'response-end'])
  })

  test('calls only in the final chunk', async () => {
    const text = delta({ content: 'ok' }) + delta(call({ index: 0, id: 'a' }, fn('f', '{}')), 'tool_calls') + done
    expect(callsIn(await eventsOf(text))).toEqual([['a', 'f', {}]])
  })

  test('a last chunk that repeats the whole message adds nothing twice', async () => {
    const message = { role: 'assistant', content: 'Hello', tool_calls: [{ id: 'a', function: fn('f', '{}') }] }
    const last = frame({ id: 'c1', choices: [{ index: 0, message, finish_reason: 'stop' }] })
    const events = await eventsOf(delta({ content: 'Hel' }) + delta({ content: 'lo' }) + last + done)
    expect(textIn(events)).toBe('Hello')
    expect(callsIn(events)).toEqual([['a', 'f', {}]])
  })

  test.each(['length', 'content_filter'])('cut off by %s in the middle of arguments: no call', async (finish) => {
    const events = await eventsOf(
      delta(call({ index: 0, id: 'a' }, fn('f', '{"x":1}'))) +
        delta(call({ index: 1, id: 'b' }, fn('g', '{"y":'))) +
        delta({}, finish) +
        done,
    )
    expect(callsIn(events)).toEqual([['a', 'f', { x: 1 }]])
    expect(endIn(events)).toMatchObject([{ raw: finish }])
  })

  test('cut off right after the name: no call either', async () => {
    const events = await eventsOf(delta(call({ index: 0, id: 'a' }, fn('f', ''))) + delta({}, 'length') + done)
    expect(callsIn(events)).toEqual([])
    expect(endIn(events)).toEqual([{ unified: 'length', raw: 'length' }])
  })

  test.each([
    ['arguments that are no JSON', call({ index: 0, id: 'a' }, fn('f', '{"x":')), /f.*not JSON/],
    ['no name', call({ index: 0, id: 'a' }, { arguments: '{"x":1}' }), /no name/],
  ])('%s: a malformed call, never an empty one', async (_, fields, words) => {
    const events = await eventsOf(delta(fields) + delta({}, 'tool_calls') + done)
    expect(callsIn(events)).toEqual([])
    expect(endIn(events)).toEqual([
      { unified: 'malformed-call', raw: 'tool_calls', message: expect.stringMatching(words) },
    ])
  })

  test('names come back as the client knows them, signatures with them', async () => {
    const signed = {
      index: 0,
      id: 'a',
      extra_content: { google: { thought_signature: 'c2ln' } },
      function: fn('a_b_1', '{}'),
    }
    const events = await eventsOf(delta(calls(signed)) + done, { toolNames: new Map([['a_b_1', 'a.b']]) })
    expect(events).toContainEqual({
      type: 'tool-call',
      id: 'a',
      name: 'a.b',
      args: {},
      signature: { protocol: 'gemini-chat', value: 'c2ln' },
    })
  })

  test('__proto__ in arguments is an ordinary key', async () => {
    const [event] = callsIn(await eventsOf(delta(call({ index: 0, id: 'a' }, fn('f', '{"__proto__":{"x":1}}'))) + done))
    expect(Object.keys(event![2] as object)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

const usage = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  completion_tokens_details: { reasoning_tokens: 30 },
}
const counted = { inputTokens: 100, outputTokens: 20, reasoningTokens: 30, totalTokens: 150 }

describe('how an answer ends', () => {
  test('usage comes right before the end, which waits for it', async () => {
    const text = delta({ content: 'Hi' }) + delta({}, 'stop') + frame({ id: 'c1', choices: [], usage }) + done
    expect(await eventsOf(text)).toEqual([
      { type: 'response-start', id: 'c1', model: 'm', created: 1 },
      { type: 'text-delta', text: 'Hi' },
      { type: 'usage', usage: counted },
      { type: 'response-end', reason: { unified: 'stop', raw: 'stop' } },
    ])
  })

  test.each([
    ['content and usage in one chunk', delta({ content: 'Hi' }, 'stop', { usage })],
    [
      'usage with every chunk',
      delta({ content: 'Hi' }, null, { usage: { ...usage, completion_tokens: 1 } }) + delta({}, 'stop', { usage }),
    ],
    [
      'zeros after the real numbers',
      delta({ content: 'Hi' }, 'stop', { usage }) +
        frame({ choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } }),
    ],
    ['null before', delta({ content: 'Hi' }, 'stop', { usage: null }) + frame({ choices: [], usage })],
    [
      'inside the choice',
      frame({ id: 'c', choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop', usage }] }),
    ],
  ])('usage: %s', async (_, text) => {
    const events = await eventsOf(text + done)
    expect(textIn(events)).toBe('Hi')
    expect(events).toContainEqual({ type: 'usage', usage: counted })
    expect(endIn(events)).toEqual([{ unified: 'stop', raw: 'stop' }])
  })

  test.each<[string, string, object]>([
    ['DONE without a finish', delta({ content: 'Hi' }) + done, { unified: 'stop' }],
    [
      'usage without a finish, then closed',
      delta({ content: 'Hi' }) + frame({ choices: [], usage }),
      { unified: 'stop' },
    ],
    ['closed without DONE', delta({ content: 'Hi' }, 'stop'), { unified: 'stop', raw: 'stop' }],
    [
      'a finish with every chunk',
      delta({ content: 'Hi' }, 'stop') + delta({}, 'length') + done,
      { unified: 'length', raw: 'length' },
    ],
    [
      'chunks after DONE',
      delta({ content: 'Hi' }, 'stop') + done + delta({ content: 'no' }, 'length'),
      { unified: 'stop', raw: 'stop' },
    ],
    ['an empty reason', delta({ content: 'Hi' }, 'stop') + delta({}, '') + done, { unified: 'stop', raw: 'stop' }],
    ['tool_calls and none made', delta({ content: 'Hi' }, 'tool_calls') + done, { unified: 'stop', raw: 'tool_calls' }],
    ['GLM: sensitive', delta({ content: 'Hi' }, 'sensitive') + done, { unified: 'content-filter', raw: 'sensitive' }],
    [
      'GLM: network_error',
      delta({ content: 'Hi' }, 'network_error') + done,
      { unified: 'other', raw: 'network_error' },
    ],
  ])('%s', async (_, text, reason) => {
    const events = await eventsOf(text)
    expect(textIn(events)).toBe('Hi')
    expect(endIn(events)).toEqual([reason])
    expect(errorIn(events)).toBeUndefined()
  })

  test('Azure: filter data first, then an answer cut by the filter', async () => {
    const first = {
      id: '',
      object: '',
      created: 0,
      model: '',
      choices: [],
      prompt_filter_results: [{ prompt_index: 0 }],
    }
    const text =
      frame(first) +
      delta({ role: 'assistant', content: '' }) +
      delta({ content: 'Half' }) +
      delta({}, 'content_filter') +
      done
    expect(await eventsOf(text)).toEqual([
      { type: 'response-start', id: 'c1', model: 'm', created: 1 },
      { type: 'text-delta', text: 'Half' },
      { type: 'response-end', reason: { unified: 'content-filter', raw: 'content_filter' } },
    ])
  })

  test('several choices, out of order', async () => {
    const at = (index: number, fields: JsonObject, finish: string | null = null) =>
      frame({ id: 'c', choices: [{ index, delta: fields, finish_reason: finish }] })
    const events = await eventsOf(
      at(1, { content: 'B' }) + at(0, { content: 'A' }) + at(1, {}, 'stop') + at(0, {}, 'length') + done,
    )
    expect(events.filter((event) => event.type === 'text-delta')).toEqual([
      { type: 'text-delta', text: 'B', choice: 1 },
      { type: 'text-delta', text: 'A' },
    ])
    expect(endIn(events).map((reason) => reason.unified)).toEqual(['length', 'stop'])
  })
})

describe('what an answer may hold besides text', () => {
  const content = async (fields: JsonObject) =>
    (await eventsOf(delta(fields) + delta({}, 'stop') + done)).filter(
      (event) => event.type !== 'response-start' && event.type !== 'response-end',
    )

  test.each<[string, JsonObject, StreamEvent[]]>([
    ['reasoning_content', { content: null, reasoning_content: 'hm' }, [{ type: 'reasoning-delta', text: 'hm' }]],
    [
      'the same reasoning in two fields',
      { reasoning: 'hm', reasoning_content: 'hm' },
      [{ type: 'reasoning-delta', text: 'hm' }],
    ],
    [
      'reasoning_details',
      { reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] },
      [{ type: 'reasoning-delta', text: 'hm' }],
    ],
    ['a refusal', { refusal: 'no' }, [{ type: 'refusal-delta', text: 'no' }]],
    ['a role of nothing', { role: '', content: '' }, []],
    [
      'a list of parts',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'a' },
        ],
      },
      [
        { type: 'reasoning-delta', text: 'hm' },
        { type: 'text-delta', text: 'a' },
      ],
    ],
    [
      'an image',
      { images: [{ image_url: { url: 'data:image/png;base64,AA==' } }] },
      [{ type: 'media', mimeType: 'image/png', data: 'AA==' }],
    ],
    ['sound', { audio: { data: 'AA==' } }, []],
    [
      'citations',
      {
        content: 'Žlutá 😀 x',
        annotations: [
          { type: 'url_citation', url_citation: { url: 'https://a', title: 'A', start_index: 6, end_index: 9 } },
        ],
      },
      [
        { type: 'text-delta', text: 'Žlutá 😀 x' },
        {
          type: 'grounding',
          grounding: {
            queries: [],
            sources: [{ url: 'https://a', title: 'A' }],
            supports: [{ startByte: 8, endByte: 14, sourceIndexes: [0] }],
          },
        },
      ],
    ],
  ])('%s', async (_, fields, expected) => {
    expect(await content(fields)).toEqual(expected)
  })

  test('log probabilities', async () => {
    const logprobs = {
      content: [{ token: 'a', logprob: -0.5, bytes: [97], top_logprobs: [{ token: 'b', logprob: -1, bytes: null }] }],
    }
    const events = await eventsOf(
      frame({ id: 'c', choices: [{ index: 0, delta: { content: 'a' }, logprobs, finish_reason: 'stop' }] }) + done,
    )
    expect(events).toContainEqual({
      type: 'logprobs',
      tokens: [{ token: 'a', logprob: -0.5, bytes: [97], top: [{ token: 'b', logprob: -1 }] }],
    })
  })
})

describe('failures', () => {
  test.each<[string, string, object]>([
    [
      'an error object',
      frame({ error: { message: 'Slow down', type: 'requests', code: 'rate_limit_exceeded' } }),
      { kind: 'provider-error', message: 'Slow down', providerCode: 'rate_limit_exceeded' },
    ],
    ['an error text', frame({ error: 'n_keep >= n_ctx' }), { message: 'n_keep >= n_ctx' }],
    [
      'vLLM',
      frame({ object: 'error', message: 'too long', type: 'BadRequestError', code: 400 }),
      { message: 'too long', providerCode: '400', providerStatus: 400 },
    ],
    [
      'LiteLLM, a provider quoted in the words',
      frame({
        error: {
          message:
            'litellm.RateLimitError: AzureException - {"error":{"code":"429","message":"Try later"}}. Received Model Group=x',
          type: 'None',
          code: '429',
        },
      }),
      { message: 'Try later', providerCode: '429', providerStatus: 429 },
    ],
    [
      'GLM',
      frame({ error: { code: '1261', message: 'Prompt too long' } }),
      { message: 'Prompt too long', providerCode: '1261' },
    ],
    ['msg and status', frame({ status: '449', msg: 'limit' }), { message: 'limit', providerStatus: 449 }],
    [
      'named by the event',
      'event: error\ndata: {"message":"gone","code":"x"}\n\n',
      { message: 'gone', providerCode: 'x' },
    ],
    [
      'in the choice',
      frame({ choices: [{ index: 0, error: { message: 'bad', code: 502 }, finish_reason: 'error' }] }),
      { message: 'bad', providerStatus: 502 },
    ],
    ['in a list', frame([{ error: { message: 'bad', code: 503, status: 'UNAVAILABLE' } }]), { message: 'bad' }],
    ['bare JSON, no frame', '{"error":{"message":"bad","code":"x"}}', { message: 'bad', providerCode: 'x' }],
    [
      'a web page',
      '<html><body>502</body></html>',
      { kind: 'stream-broken', message: expect.stringContaining('web page') },
    ],
    ['no JSON', 'data: {"id":\n\n', { kind: 'stream-broken' }],
    ['a number', 'data: 5\n\n', { kind: 'stream-broken' }],
    ['nothing at all', '', { kind: 'stream-broken' }],
    ['only comments', ': ping\n\n', { kind: 'stream-broken' }],
    ['only DONE', done, { kind: 'stream-broken' }],
  ])('%s', async (_, text, expected) => {
    for (const relay of [false, true]) {
      const events = await eventsOf(text, { relay })
      expect(events).toHaveLength(1)
      expect(errorIn(events)).toMatchObject(expected)
    }
  })

  test('the raw object is the cause', async () => {
    const raw = { error: { message: 'x', code: 'c' }, request_id: 'r' }
    expect(errorIn(await eventsOf(frame(raw)))!.cause).toEqual(raw)
  })

  test('after content, an error ends the answer and nothing follows', async () => {
    const text =
      delta({ content: 'Hi' }) + frame({ error: { message: 'gone' } }) + delta({ content: 'no' }, 'stop') + done
    const events = await eventsOf(text)
    expect(events.map((event) => event.type)).toEqual(['response-start', 'text-delta', 'error'])
  })

  test('broken off in the middle: no end, and no call from what had come', async () => {
    const events = await eventsOf(delta({ content: 'Hi' }) + delta(call({ index: 0, id: 'a' }, fn('f', '{}'))))
    expect(events.map((event) => event.type)).toEqual(['response-start', 'text-delta', 'error'])
    expect(errorIn(events)!.kind).toBe('stream-broken')
  })
})

test('a provider that answers a stream request with plain JSON', async () => {
  const whole = {
    id: 'c',
    object: 'chat.completion',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
    usage,
  }
  const events = await eventsOf(JSON.stringify(whole))
  expect(textIn(events)).toBe('Hi')
  expect(endIn(events)).toEqual([{ unified: 'stop', raw: 'stop' }])
})

const rich =
  ': keep-alive\n\n' +
  delta({ role: 'assistant', content: '' }) +
  delta({ reasoning_content: 'hmm 🤔' }) +
  delta({ content: 'Žluťoučký ' }) +
  delta({ content: 'kůň' }) +
  delta(call({ index: 0, id: 'a' }, fn('f', '{"city":"Ро'))) +
  delta(call({ index: 0 }, { arguments: 'ма"}' })) +
  delta({}, 'tool_calls') +
  frame({ id: 'c1', choices: [], usage }) +
  done

describe('splitting', () => {
  test.each(['\n', '\r\n', '\r'])('every size of read gives the same events, line ends %j', async (lineEnd) => {
    const text = rich.replaceAll('\n', lineEnd)
    const whole = await eventsOf(rich)
    for (let size = 1; size <= 40; size++) expect(await eventsOf(text, {}, size)).toEqual(whole)
  })

  test('every place of one cut gives the same events', async () => {
    const whole = await eventsOf(rich)
    const bytes = Buffer.from(rich)
    for (let at = 1; at < bytes.length; at++) {
      const two = [bytes.subarray(0, at), bytes.subarray(at)]
      expect(decoded(codec.decodeStream(decodeContext()), two).flatMap(({ events }) => events)).toEqual(whole)
    }
  })
})

describe('relaying', () => {
  test('every byte passes, and the gateway learns what it must', async () => {
    for (const size of [1, 7, 64, 500, 1 << 20]) {
      const chunks = await chunksOf(rich, { relay: true }, size)
      const bytes = Buffer.concat(chunks.flatMap((chunk) => (chunk.wire ? [chunk.wire] : [])))
      expect(bytes.toString()).toBe(rich)
      const events = chunks.flatMap((chunk) => chunk.events)
      expect(events.filter((event) => event.type !== 'text-delta')).toEqual([
        { type: 'response-start', id: 'c1', model: 'm', created: 1 },
        { type: 'reasoning-delta', text: 'hmm 🤔' },
        { type: 'usage', usage: counted },
        { type: 'response-end', reason: { unified: 'tool-calls', raw: 'tool_calls' } },
      ])
    }
  })

  test('a call whose arguments come in pieces is content, and no malformed one', async () => {
    const text =
      delta(call({ index: 0, id: 'a' }, fn('f', '{"x'))) +
      delta(call({ index: 0 }, { arguments: '":1}' })) +
      delta({}, 'tool_calls') +
      done
    const events = await eventsOf(text, { relay: true }, 30)
    expect(callsIn(events)).toEqual([['', 'f', {}]])
    expect(endIn(events)).toEqual([{ unified: 'tool-calls', raw: 'tool_calls' }])
  })

  test('an error frame is no part of the bytes', async () => {
    const before = delta({ content: 'a' }) + delta({ content: 'b' })
    const chunks = await chunksOf(before + frame({ error: { message: 'gone' } }), { relay: true })
    expect(Buffer.concat(chunks.map((chunk) => chunk.wire ?? Buffer.alloc(0))).toString()).toBe(before)
    expect(errorIn(chunks.flatMap((chunk) => chunk.events))!.message).toBe('gone')
  })

  test('words in a text do not end the answer', async () => {
    const text = 'say {"error":1,"usage":{"prompt_tokens":9},"finish_reason":"length"}'
    const events = await eventsOf(
      delta({ content: 'a' }) + delta({ content: text }) + delta({}, 'stop') + done,
      { relay: true },
      100,
    )
    expect(endIn(events)).toEqual([{ unified: 'stop', raw: 'stop' }])
    expect(events.some((event) => event.type === 'usage' || event.type === 'error')).toBe(false)
  })

  test('an end written with unusual white space, and no DONE', async () => {
    const last = 'data: {"choices": [ {"index":0, "delta":{}, "finish_reason" : "length"} ]}\n\n'
    const text = delta({ content: 'a' }) + delta({ content: 'b' }) + last
    expect(endIn(await eventsOf(text, { relay: true }, 60))).toEqual([{ unified: 'length', raw: 'length' }])
  })

  test('broken off', async () => {
    const chunks = await chunksOf(delta({ content: 'a' }) + delta({ content: 'b' }), { relay: true }, 50)
    expect(errorIn(chunks.flatMap((chunk) => chunk.events))!.kind).toBe('stream-broken')
  })
})

test('whatever a provider sends, the stream ends in events and never throws', async () => {
  const piece = fc.oneof(
    fc.string().map((text) => `data: ${text}\n\n`),
    fc.json().map((json) => `data: ${json}\n\n`),
    fc
      .record({
        choices: fc.array(
          fc.record(
            { index: fc.anything(), delta: fc.anything(), message: fc.anything(), finish_reason: fc.anything() },
            { requiredKeys: [] },
          ),
        ),
      })
      .map((value) => `data: ${JSON.stringify(value)}\n\n`),
    fc
      .array(fc.record({ index: fc.anything(), id: fc.anything(), function: fc.anything() }, { requiredKeys: [] }))
      .map((list) => `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: list } }] })}\n\n`),
    fc.constantFrom(done, ': x\n\n', delta({ content: 'a' }), delta({}, 'stop')),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, relay) => {
      const events = await eventsOf(pieces.join(''), { relay }, 37)
      const last = events.at(-1)!
      expect(['error', 'response-end']).toContain(last.type)
      expect(events.filter((event) => event.type === 'error').length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 300 },
  )
})
