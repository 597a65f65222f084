import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../../src-core/model/error.ts'
import type { StreamEvent } from '../../../../src-core/model/event.ts'
import { decoded } from '../../../helpers/decoded.ts'
import { answerContext, codec, decodeContext, hello, readAsCli, reads, request } from './setting.ts'

const stop: StreamEvent = { type: 'response-end', reason: { unified: 'stop' } }
const text = (words: string): StreamEvent => ({ type: 'text-delta', text: words })
const call = (id: string): StreamEvent => ({ type: 'tool-call', id, name: 'f', args: { a: 1 } })
const usage: StreamEvent = {
  type: 'usage',
  usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 20, reasoningTokens: 30, totalTokens: 150 },
}
const names = { modelVersion: 'backend-model', responseId: 'id1' }
const askingThoughts = request({ ...hello, generationConfig: { thinkingConfig: { includeThoughts: true } } })
const enveloped = request({ model: 'm', request: hello }, '/v1internal:streamGenerateContent?alt=sse', 'code-assist')

function stream(events: StreamEvent[], from = request(hello)): string {
  const encoder = codec.encodeStream(answerContext(from))
  return events.map((event) => encoder.write([event])).join('') + encoder.end()
}

function whole(events: StreamEvent[], from = request(hello)) {
  return JSON.parse(codec.encodeResponse(events, answerContext(from)).toString())
}

const says = (...parts: unknown[]) => ({ candidates: [{ index: 0, content: { role: 'model', parts } }], ...names })

describe('a stream for the CLI', () => {
  test('text as it comes, the end and usage in one last chunk', () => {
    expect(readAsCli(stream([text('Hé'), text(''), text('"\n\u2028\u2029\ud800'), usage, stop]))).toEqual([
      says({ text: 'Hé' }),
      says({ text: '"\n\u2028\u2029\ud800' }),
      {
        candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }],
        usageMetadata: {
          promptTokenCount: 100,
          candidatesTokenCount: 20,
          totalTokenCount: 150,
          cachedContentTokenCount: 40,
          thoughtsTokenCount: 30,
        },
        ...names,
      },
    ])
  })

  test('calls whole, with ids, in one chunk with the finish; no empty text after them', () => {
    const signed: StreamEvent = { ...call('c1'), signature: { protocol: 'gemini-chat', value: 'S' } } as StreamEvent
    const foreignSign: StreamEvent = {
      ...call('c2'),
      signature: { protocol: 'anthropic-messages', value: 'X' },
    } as StreamEvent
    expect(
      readAsCli(
        stream([
          text('Let me'),
          signed,
          foreignSign,
          { type: 'response-end', reason: { unified: 'tool-calls' } },
          usage,
        ]),
      ),
    ).toEqual([
      says({ text: 'Let me' }),
      {
        candidates: [
          {
            index: 0,
            content: {
              role: 'model',
              parts: [
                { functionCall: { id: 'c1', name: 'f', args: { a: 1 } }, thoughtSignature: 'S' },
                { functionCall: { id: 'c2', name: 'f', args: { a: 1 } } },
              ],
            },
            finishReason: 'STOP',
          },
        ],
        usageMetadata: expect.objectContaining({ totalTokenCount: 150 }),
        ...names,
      },
    ])
  })

  test('text after a call keeps its place, and the last chunk stays without text', () => {
    const [first, second, last] = readAsCli(stream([call('c1'), text('and'), stop]))
    expect(first).toEqual(says({ functionCall: { id: 'c1', name: 'f', args: { a: 1 } } }))
    expect(second).toEqual(says({ text: 'and' }))
    expect(last).toEqual({ candidates: [{ index: 0, finishReason: 'STOP' }], ...names })
  })

  test('thoughts only for who asked', () => {
    const events: StreamEvent[] = [{ type: 'reasoning-delta', text: 'hm' }, text('a'), stop]
    expect(stream(events)).not.toContain('hm')
    expect(readAsCli(stream(events, askingThoughts))[0]).toEqual(says({ text: 'hm', thought: true }))
  })

  test('the provider’s own names when it gave them', () => {
    const events: StreamEvent[] = [{ type: 'response-start', id: 'chatcmpl-1', model: 'gpt-5' }, text('a'), stop]
    for (const answer of readAsCli(stream(events)))
      expect(answer).toMatchObject({ modelVersion: 'gpt-5', responseId: 'chatcmpl-1' })
  })

  test('in Code Assist’s envelope', () => {
    for (const answer of readAsCli(stream([text('a'), call('c'), stop], enveloped)))
      expect(answer).toEqual({ response: expect.objectContaining({ candidates: expect.anything() }), traceId: 'id1' })
  })

  test.each<[string, StreamEvent[], string, string]>([
    [
      'filtered with text',
      [text('Half'), { type: 'response-end', reason: { unified: 'content-filter' } }],
      'Half',
      'SAFETY',
    ],
    [
      'filtered without',
      [{ type: 'response-end', reason: { unified: 'content-filter', raw: 'content_filter', message: 'Violence.' } }],
      'The answer was withheld by the content filter of the model’s provider. Violence.',
      'SAFETY',
    ],
    [
      'refused',
      [
        { type: 'refusal-delta', text: 'I will not.' },
        { type: 'response-end', reason: { unified: 'content-filter' } },
      ],
      'I will not.',
      'SAFETY',
    ],
    [
      'filtered by Gemini',
      [{ type: 'response-end', reason: { unified: 'content-filter', raw: 'RECITATION' } }],
      'The answer was withheld by the content filter of the model’s provider.',
      'RECITATION',
    ],
    ['cut', [text('a'), { type: 'response-end', reason: { unified: 'length', raw: 'length' } }], 'a', 'MAX_TOKENS'],
    [
      'a call nobody can read',
      [{ type: 'response-end', reason: { unified: 'malformed-call' } }],
      '',
      'MALFORMED_FUNCTION_CALL',
    ],
    [
      'for other reasons',
      [text('a'), { type: 'response-end', reason: { unified: 'other', raw: 'eos' } }],
      'a',
      'OTHER',
    ],
    ['with more text after the end', [text('a'), stop, text('b')], 'a', 'STOP'],
  ])('ends: %s', (_name, events, words, finish) => {
    const answers = readAsCli(stream(events)) as {
      candidates: { content?: { parts: { text: string }[] }; finishReason?: string }[]
    }[]
    const candidates = answers.flatMap((answer) => answer.candidates)
    expect(candidates.flatMap(({ content }) => content?.parts.map((part) => part.text) ?? []).join('')).toBe(words)
    expect(candidates.flatMap(({ finishReason }) => finishReason ?? [])).toEqual([finish])
    expect(whole(events).candidates[0].finishReason).toBe(finish)
  })

  test('a failure writes no end: the error stands for it', () => {
    const encoder = codec.encodeStream(answerContext())
    encoder.write([text('a'), call('c')])
    expect(encoder.write([{ type: 'error', error: new GatewayError('stream-broken', 'x') }])).toBe('')
    expect(encoder.end()).toBe('')
    expect(readAsCli(stream([text('a')]))).toEqual([says({ text: 'a' })])
  })

  test('several choices, grounding and log probabilities', () => {
    const last = readAsCli(
      stream([
        text('Žluť'),
        { type: 'text-delta', text: 'b', choice: 1 },
        {
          type: 'grounding',
          grounding: {
            queries: ['q'],
            sources: [{ url: 'https://a.example', title: 'A' }],
            supports: [{ startByte: 0, endByte: 6, text: 'Žluť', sourceIndexes: [0] }],
          },
        },
        {
          type: 'logprobs',
          tokens: [
            { token: 'a', logprob: -1 },
            { token: 'b', logprob: -3, top: [{ token: 'b', logprob: -3 }] },
          ],
        },
        stop,
        { ...stop, choice: 1 } as StreamEvent,
      ]),
    ).at(-1)
    expect(last).toMatchObject({
      candidates: [
        {
          index: 0,
          finishReason: 'STOP',
          groundingMetadata: {
            webSearchQueries: ['q'],
            groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }],
            groundingSupports: [{ segment: { startIndex: 0, endIndex: 6, text: 'Žluť' }, groundingChunkIndices: [0] }],
          },
          avgLogprobs: -2,
          logprobsResult: {
            chosenCandidates: [
              { token: 'a', logProbability: -1 },
              { token: 'b', logProbability: -3 },
            ],
          },
        },
        { index: 1, finishReason: 'STOP' },
      ],
    })
  })

  test('keep-alive bytes between events are not noticed', () => {
    const encoder = codec.encodeStream(answerContext())
    const out =
      codec.keepAlive +
      encoder.write([text('a')]) +
      codec.keepAlive +
      encoder.write([stop]) +
      encoder.end() +
      codec.keepAlive
    expect(readAsCli(out)).toHaveLength(2)
  })
})

describe('a whole answer', () => {
  test('deltas joined, thoughts apart, calls whole', () => {
    const events: StreamEvent[] = [
      { type: 'reasoning-delta', text: 'think ' },
      { type: 'reasoning-delta', text: 'A' },
      text('a'),
      text('b'),
      { type: 'text-delta', text: 'signed', signature: { protocol: 'gemini-chat', value: 'S' } },
      text('c'),
      call('c1'),
      { type: 'media', mimeType: 'image/png', data: 'AA==' },
      usage,
      { type: 'response-end', reason: { unified: 'tool-calls' } },
    ]
    expect(whole(events, askingThoughts)).toEqual({
      candidates: [
        {
          index: 0,
          content: {
            role: 'model',
            parts: [
              { text: 'think A', thought: true },
              { text: 'ab' },
              { text: 'signed', thoughtSignature: 'S' },
              { text: 'c' },
              { functionCall: { id: 'c1', name: 'f', args: { a: 1 } } },
              { inlineData: { mimeType: 'image/png', data: 'AA==' } },
            ],
          },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: expect.objectContaining({ promptTokenCount: 100 }),
      ...names,
    })
  })

  test('in Code Assist’s envelope', () => {
    expect(whole([text('a'), stop], enveloped)).toMatchObject({
      response: { candidates: [{ finishReason: 'STOP' }] },
      traceId: 'id1',
    })
  })

  test('a failure in it is thrown, and so is a missing end', () => {
    const error = new GatewayError('provider-error', 'x')
    expect(() => whole([text('a'), { type: 'error', error }])).toThrow(error)
    expect(() => whole([text('a')])).toThrow(/before it was finished/)
  })
})

describe('whatever is written can be read', () => {
  const words = fc.string({ unit: 'binary', maxLength: 20 })
  const event = fc.oneof(
    words.map(text),
    words.map((one): StreamEvent => ({ type: 'reasoning-delta', text: one })),
    words.map((one): StreamEvent => ({ type: 'refusal-delta', text: one })),
    fc
      .tuple(fc.uuid(), words, fc.dictionary(words, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }))
      .map(([id, name, args]): StreamEvent => ({ type: 'tool-call', id, name: `n${name}`, args: args as never })),
    fc.constant(usage),
  )
  const visible = (events: readonly StreamEvent[]) => {
    let said = ''
    const calls: unknown[] = []
    for (const one of events) {
      if (one.type === 'text-delta' || one.type === 'refusal-delta') said += one.text
      if (one.type === 'tool-call') calls.push([one.id, one.name, JSON.stringify(one.args)])
    }
    return { said, calls }
  }

  test('by the CLI’s grammar, and back again with every word, id and argument', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), fc.boolean(), async (events, inEnvelope) => {
        const out = stream([...events, stop], inEnvelope ? enveloped : request(hello))
        const answers = readAsCli(out)
        expect(answers.length).toBeGreaterThan(0)
        const back = decoded(codec.decodeStream(decodeContext()), reads(out))
        const seen = back.flatMap((chunk) => chunk.events)
        expect(visible(seen)).toEqual(visible(events))
        expect(seen.at(-1)).toMatchObject({ type: 'response-end' })
      }),
      { numRuns: 200 },
    )
  })
})
