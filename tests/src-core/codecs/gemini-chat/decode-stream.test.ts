import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../../../src-core/model/event.ts'
import { decoded } from '../../../helpers/decoded.ts'
import { codec, decodeContext, eventsOf, newCodec, readAsCli, reads, says, sse, stops } from './setting.ts'

const usageMetadata = {
  promptTokenCount: 100,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 30,
  cachedContentTokenCount: 40,
  totalTokenCount: 150,
}
const usage = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 20, reasoningTokens: 30, totalTokens: 150 }
const start: StreamEvent = { type: 'response-start', id: 'r1', model: 'mv' }

/** Thoughts, text, two calls (one signed), an empty signed text, STOP without content: what Gemini 3 sends. */
const toolStream = sse(
  says({ text: '**Plan** think', thought: true }),
  says({ text: 'I "will }check. ' }),
  says({ functionCall: { name: 'get_weather', args: { city: 'Romé' } }, thoughtSignature: 'c2lnLTE=' }),
  says({ functionCall: { name: 'get_time', args: {}, id: 'given' } }),
  says({ text: '', thoughtSignature: 'c2lnLTI=' }),
  stops('STOP', { usageMetadata }),
)

describe('a stream as events', () => {
  test('thoughts, text, calls, signatures, usage and the end', async () => {
    const { codec: own, signatures } = newCodec()
    const chunks = decoded(own.decodeStream(decodeContext()), reads(toolStream))
    expect(chunks.flatMap(({ events }) => events)).toEqual([
      start,
      { type: 'reasoning-delta', text: '**Plan** think' },
      { type: 'text-delta', text: 'I "will }check. ' },
      {
        type: 'tool-call',
        id: 'made_1',
        name: 'get_weather',
        args: { city: 'Romé' },
        signature: { protocol: 'gemini-chat', value: 'c2lnLTE=' },
      },
      { type: 'tool-call', id: 'given', name: 'get_time', args: {} },
      { type: 'text-delta', text: '', signature: { protocol: 'gemini-chat', value: 'c2lnLTI=' } },
      { type: 'usage', usage },
      { type: 'response-end', reason: { unified: 'tool-calls', raw: 'STOP' } },
    ])
    expect(signatures.recall({ id: 'made_1', name: 'get_weather' })).toBe('c2lnLTE=')
  })

  test.each([
    ['CRLF', toolStream.replaceAll('\n', '\r\n')],
    ['CR', toolStream.replaceAll('\n', '\r')],
    ['comments, event lines, DONE', `: hi\n\nevent: x\n${toolStream}data: [DONE]\n\n`],
    ['no space after data:', toolStream.replaceAll('data: ', 'data:')],
    ['no last blank line', toolStream.trimEnd()],
    ['a JSON list', JSON.stringify(readAsCli(toolStream), null, 2)],
    ['Code Assist', sse(...readAsCli(toolStream).map((response) => ({ response, traceId: 't' })))],
  ])('the same from %s', async (_name, stream) => {
    const plain = decoded(newCodec().codec.decodeStream(decodeContext()), reads(toolStream))
    const other = decoded(newCodec().codec.decodeStream(decodeContext()), reads(stream))
    expect(other.flatMap(({ events }) => events)).toEqual(plain.flatMap(({ events }) => events))
  })

  test('the same, split at every byte and at any bytes', async () => {
    const list = Buffer.from(JSON.stringify(readAsCli(toolStream)))
    const frames = Buffer.from(toolStream.replaceAll('\n', '\r\n'))
    const expected = decoded(newCodec().codec.decodeStream(decodeContext()), reads(toolStream))
    const whole = expected.flatMap(({ events }) => events)
    const decode = async (pieces: Buffer[]) =>
      decoded(newCodec().codec.decodeStream(decodeContext()), reads(...pieces)).flatMap(({ events }) => events)
    for (const bytes of [list, frames]) {
      expect(await decode([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole)
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
          const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          expect(await decode(at.slice(1).map((end, index) => bytes.subarray(at[index], end)))).toEqual(whole)
        }),
        { numRuns: 60 },
      )
    }
  })

  test.each<[string, string, Partial<StreamEvent>[]]>([
    [
      'a candidate without content',
      sse({ candidates: [{ finishReason: 'MAX_TOKENS' }] }),
      [{ type: 'response-end', reason: { unified: 'length', raw: 'MAX_TOKENS' } }],
    ],
    [
      'a blocked prompt',
      sse({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }),
      [{ type: 'response-end', reason: { unified: 'content-filter', raw: 'PROHIBITED_CONTENT' } }],
    ],
    [
      'finish on every chunk',
      sse(
        { ...says({ text: 'a' }), candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }] },
        stops('MAX_TOKENS'),
      ),
      [
        { type: 'text-delta', text: 'a' },
        { type: 'response-end', reason: { unified: 'length', raw: 'MAX_TOKENS' } },
      ],
    ],
    [
      'a malformed call',
      sse(stops('MALFORMED_FUNCTION_CALL', {})),
      [{ type: 'response-end', reason: { unified: 'malformed-call', raw: 'MALFORMED_FUNCTION_CALL' } }],
    ],
    [
      'calls but no end',
      sse(says({ functionCall: { name: 'f', id: 'i' } })),
      [
        { type: 'tool-call', id: 'i', name: 'f', args: {} },
        { type: 'response-end', reason: { unified: 'tool-calls' } },
      ],
    ],
    [
      'code that ran',
      sse(says({ executableCode: { language: 'PYTHON', code: '1' } }), stops()),
      [{ type: 'text-delta', text: '\n```python\n1\n```\n' }, { type: 'response-end' }],
    ],
    [
      'an image',
      sse(says({ inlineData: { mimeType: 'image/png', data: 'AA==' } }), stops()),
      [{ type: 'media', mimeType: 'image/png', data: 'AA==' }, { type: 'response-end' }],
    ],
    [
      'parts of nothing',
      sse({}, says({}), { candidates: [{ content: { parts: [] } }] }, stops()),
      [{ type: 'response-end' }],
    ],
    [
      'thoughts counted among candidates',
      sse(
        stops('STOP', {
          usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 10, thoughtsTokenCount: 4, totalTokenCount: 15 },
        }),
      ),
      [
        { type: 'usage', usage: { inputTokens: 5, outputTokens: 6, reasoningTokens: 4, totalTokens: 15 } },
        { type: 'response-end' },
      ],
    ],
    [
      'search tokens belong to the input',
      sse(
        stops('STOP', {
          usageMetadata: {
            promptTokenCount: 5,
            toolUsePromptTokenCount: 3,
            candidatesTokenCount: 2,
            totalTokenCount: 10,
          },
        }),
      ),
      [{ type: 'usage', usage: { inputTokens: 8, outputTokens: 2, totalTokens: 10 } }, { type: 'response-end' }],
    ],
    [
      'zero usage at the end',
      sse({ ...says({ text: 'a' }), usageMetadata }, stops('STOP', { usageMetadata: { promptTokenCount: 0 } })),
      [{ type: 'text-delta', text: 'a' }, { type: 'usage', usage }, { type: 'response-end' }],
    ],
  ])('%s', async (_name, stream, expected) => {
    const events = (await eventsOf(stream)).filter(({ type }) => type !== 'response-start')
    expect(events).toMatchObject(expected)
    expect(events).toHaveLength(expected.length)
  })

  test('several candidates keep their places', async () => {
    const candidate = (index: number, text: string) => ({ index, content: { parts: [{ text }] }, finishReason: 'STOP' })
    const events = await eventsOf(sse({ candidates: [candidate(0, 'a'), candidate(1, 'b')] }))
    expect(events.slice(1)).toEqual([
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: 'b', choice: 1 },
      { type: 'response-end', reason: { unified: 'stop', raw: 'STOP' } },
      { type: 'response-end', reason: { unified: 'stop', raw: 'STOP' }, choice: 1 },
    ])
  })

  test('ids given twice and calls without a name', async () => {
    const events = await eventsOf(
      sse(
        says({ functionCall: { name: 'f', id: 'i' } }, { functionCall: { name: 'f', id: 'i' } }, { functionCall: {} }),
        stops(),
      ),
    )
    const ids = events.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []))
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(2)
  })

  test('aliases of tool names are undone', async () => {
    const events = await eventsOf(sse(says({ functionCall: { name: 'a_1' } }), stops()), {
      toolNames: new Map([['a_1', 'a/1']]),
    })
    expect(events).toContainEqual(expect.objectContaining({ type: 'tool-call', name: 'a/1' }))
  })

  test('grounding in pieces becomes one', async () => {
    const grounding = (uri: string, startIndex: number) => ({
      candidates: [
        {
          content: { parts: [{ text: 'x' }] },
          groundingMetadata: {
            webSearchQueries: ['q'],
            groundingChunks: [{ web: { uri, title: uri.toUpperCase() } }],
            groundingSupports: [
              { segment: { startIndex, endIndex: startIndex + 1, text: 'x' }, groundingChunkIndices: [0] },
            ],
          },
        },
      ],
    })
    const events = await eventsOf(sse(grounding('a', 0), grounding('b', 1), grounding('b', 1), stops()))
    const found = events.filter((event) => event.type === 'grounding')
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      grounding: {
        queries: ['q'],
        sources: [
          { url: 'a', title: 'A' },
          { url: 'b', title: 'B' },
        ],
        supports: [
          { startByte: 0, endByte: 1, text: 'x', sourceIndexes: [0] },
          { startByte: 1, endByte: 2, text: 'x', sourceIndexes: [1] },
        ],
      },
    })
  })
})

describe('failures in a stream', () => {
  const errorBody = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }

  test.each([
    ['an event', sse(says({ text: 'a' }), errorBody)],
    ['a bare object between events', `${sse(says({ text: 'a' }))}${JSON.stringify(errorBody)}`],
    ['a list in an event', `${sse(says({ text: 'a' }))}data: ${JSON.stringify([errorBody])}\n\n`],
    [
      'inside Code Assist’s envelope',
      `${sse(says({ text: 'a' }))}data: ${JSON.stringify({ response: errorBody })}\n\n`,
    ],
  ])('an error as %s ends it', async (_name, stream) => {
    for (const relay of [false, true]) {
      const events = await eventsOf(`${stream}\n\n${sse(says({ text: 'after' }), stops())}`, { relay })
      expect(events.at(-1)).toMatchObject({
        type: 'error',
        error: {
          kind: 'provider-error',
          message: 'The model is overloaded.',
          providerStatus: 503,
          providerCode: 'UNAVAILABLE',
          cause: errorBody,
        },
      })
      expect(JSON.stringify(events)).not.toContain('after')
    }
  })

  test('a body that is only an error, and one nested in text', async () => {
    expect(await eventsOf(JSON.stringify([errorBody]))).toMatchObject([
      { type: 'error', error: { message: 'The model is overloaded.' } },
    ])
    const nested = {
      error: { code: '429', message: JSON.stringify({ error: { message: JSON.stringify(errorBody) } }) },
    }
    expect(await eventsOf(sse(nested))).toMatchObject([
      { type: 'error', error: { message: 'The model is overloaded.', providerStatus: 429 } },
    ])
  })

  test.each([
    ['text without an end', sse(says({ text: 'a' }))],
    ['nothing at all', ''],
    ['only comments', ': a\n\n: b\n\n'],
    ['a page of HTML', '<html><body>Bad gateway</body></html>'],
    ['an event that is not JSON', 'data: {"candidates":\n\n'],
    ['a list that stops', '[{"candidates":[{"content":{"parts":[{"text":"a"}]}}]},{"cand'],
  ])('%s is a broken stream', async (_name, stream) => {
    for (const relay of [false, true])
      expect((await eventsOf(stream, { relay })).at(-1)).toMatchObject({
        type: 'error',
        error: { kind: 'stream-broken' },
      })
  })
})

describe('relayed', () => {
  const relayed = async (...pieces: string[]) => {
    const chunks = decoded(codec.decodeStream(decodeContext({ relay: true })), reads(...pieces))
    return {
      wire: chunks.map((chunk) => chunk.wire?.toString() ?? 'NO WIRE').join(''),
      events: chunks.flatMap(({ events }) => events),
    }
  }

  test('strict frames keep their bytes; events name only what matters', async () => {
    const stream = sse(says({ text: 'a' }), says({ text: 'b' }), says({ text: 'c' }), {
      ...stops('STOP', { usageMetadata }),
      extra: 1,
    })
    const first = stream.indexOf('data: ', 10)
    const { wire, events } = await relayed(stream.slice(0, first), stream.slice(first))
    expect(wire).toBe(stream)
    expect(events).toEqual([
      start,
      { type: 'text-delta', text: 'a' },
      { type: 'usage', usage },
      { type: 'response-end', reason: { unified: 'stop', raw: 'STOP' } },
    ])
  })

  test('CRLF frames keep their bytes too', async () => {
    const stream = sse(says({ text: 'a' }), stops()).replaceAll('\n', '\r\n')
    expect((await relayed(stream)).wire).toBe(stream)
  })

  test.each([
    ['comments', ': hi\n\n', '\n\n: ping\n\n'],
    ['event lines', 'event: message\n', '\n\nevent: message\n'],
    ['[DONE]', '', '\n\ndata: [DONE]\n\n'],
  ])('%s are taken out', async (_name, before, between) => {
    const clean = sse(says({ text: 'a' }), says({ text: 'b' }), stops())
    const { wire } = await relayed(`${before}${clean.replaceAll('\n\n', between)}`)
    expect(readAsCli(wire)).toEqual(readAsCli(clean))
  })

  test('spread over lines, without the space, with line separators: set right', async () => {
    const odd = `data:${JSON.stringify(says({ text: 'a\u2028b' }))}\r\rdata: ${JSON.stringify(stops(), null, 1).replaceAll('\n', '\ndata: ')}\n\n`
    const { wire } = await relayed(odd)
    expect(readAsCli(wire)).toEqual([says({ text: 'a\u2028b' }), stops()])
  })

  test('line separators alone are set right too, wherever they come', async () => {
    for (const odd of ['\u2028', '\u2029']) {
      const answers = [says({ text: 'a' }), says({ text: odd }), stops()]
      expect(readAsCli((await relayed(...answers.map((answer) => sse(answer)))).wire)).toEqual(answers)
    }
  })

  test('a list becomes events', async () => {
    expect(readAsCli((await relayed(JSON.stringify([says({ text: 'a' }), stops()]))).wire)).toEqual([
      says({ text: 'a' }),
      stops(),
    ])
  })

  test('words in a text that look like landmarks change nothing', async () => {
    const stream = sse(
      says({ text: 'a' }),
      says({ text: '{"error":1,"functionCall":{}} "finishReason"' }),
      says({ text: 'functionCall' }, { text: 'error' }),
    )
    const { wire, events } = await relayed(stream)
    expect(wire).toBe(stream)
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { kind: 'stream-broken' } })
  })

  test('calls without an end are an end', async () => {
    const { events } = await relayed(sse(says({ text: 'a' })), sse(says({ functionCall: { name: 'f' } })))
    expect(events.at(-1)).toEqual({ type: 'response-end', reason: { unified: 'tool-calls' } })
  })

  test('an error frame is not handed on', async () => {
    const { wire } = await relayed(sse(says({ text: 'a' }), { error: { code: 500, message: 'x' } }))
    expect(wire).toBe(sse(says({ text: 'a' })))
  })
})

describe('a whole answer', () => {
  test('as one chunk, relayed with its bytes', () => {
    const body = Buffer.from(JSON.stringify({ ...says({ text: 'a' }), usageMetadata }))
    expect(codec.decodeResponse(body, decodeContext())).toEqual({
      events: [
        start,
        { type: 'text-delta', text: 'a' },
        { type: 'usage', usage },
        { type: 'response-end', reason: { unified: 'stop' } },
      ],
    })
    expect(codec.decodeResponse(body, decodeContext({ relay: true })).wire).toBe(body)
  })

  test('an error in it is an event, for others to judge', () => {
    const { events, wire } = codec.decodeResponse(
      Buffer.from('[{"error":{"code":429,"message":"slow"}}]'),
      decodeContext({ relay: true }),
    )
    expect(events).toMatchObject([{ type: 'error', error: { message: 'slow', providerStatus: 429 } }])
    expect(wire).toBeUndefined()
  })

  test.each(['', 'x', '{}', '[]', '5', 'null', '{"object":"chat.completion","choices":[]}'])(
    '%j is not ours',
    (body) => {
      expect(() => codec.decodeResponse(Buffer.from(body), decodeContext())).toThrow(
        expect.objectContaining({ kind: 'stream-broken' }),
      )
    },
  )

  test('log probabilities', () => {
    const logprobsResult = {
      chosenCandidates: [{ token: 'a', logProbability: -0.5 }],
      topCandidates: [
        {
          candidates: [
            { token: 'a', logProbability: -0.5 },
            { token: 'b', logProbability: -2 },
          ],
        },
      ],
    }
    const body = Buffer.from(
      JSON.stringify({ candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP', logprobsResult }] }),
    )
    expect(codec.decodeResponse(body, decodeContext()).events).toContainEqual({
      type: 'logprobs',
      tokens: [
        {
          token: 'a',
          logprob: -0.5,
          top: [
            { token: 'a', logprob: -0.5 },
            { token: 'b', logprob: -2 },
          ],
        },
      ],
    })
  })

  test('whatever JSON comes, it is an answer, an error or a broken stream', () => {
    const key = fc.constantFrom(
      'candidates',
      'content',
      'parts',
      'text',
      'functionCall',
      'args',
      'name',
      'error',
      'message',
      'response',
      'usageMetadata',
      'groundingMetadata',
      'groundingChunks',
      'logprobsResult',
      'finishReason',
      'index',
      '__proto__',
    )
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('x', '', 1, -1, true, null),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 5 }),
      ),
    })).node
    fc.assert(
      fc.property(value, (answer) => {
        try {
          codec.decodeResponse(Buffer.from(JSON.stringify(answer)), decodeContext())
        } catch (error) {
          expect(error).toMatchObject({ kind: 'stream-broken' })
        }
      }),
      { numRuns: 500 },
    )
  })
})
