import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'
import type { ModelRequest } from '../../../src-core/model/request.ts'
import { createCountedSections } from '../../../src-core/tokens/counted-sections.ts'
import { createTokenEstimator } from '../../../src-core/tokens/estimator.ts'
import { countExactly } from '../../../src-core/tokens/exact-count.ts'
import type { ExactCounter } from '../../../src-core/tokens/exact-counter.ts'
import { bodyOf, requestOf, type SpokenProtocol } from '../../helpers/conversation-body.ts'
import { messagesOf, sampleTexts } from '../../helpers/sample-texts.ts'

const exact = (text: string): number => countTokens(text, { disallowedSpecial: new Set() })

interface Counter {
  asked: string[][]
  running: boolean
  count: ExactCounter['count']
}

/** Counts in this thread, and tells what it was asked to count. */
function counterRig(): Counter {
  const asked: string[][] = []
  return {
    asked,
    running: false,
    async count(body, sections) {
      asked.push(sections.map(({ start, end }) => body.toString('utf8', start, end)))
      return sections.map((section) => countExactly(body, section, exact))
    },
  }
}

function rig(counter: Counter = counterRig()) {
  return { counter, ...createTokenEstimator({ counted: createCountedSections(), counter }) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A picture as clients send it: base64 without a pattern. */
const picture = (bytes: number): string =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => Math.imul(index, 2654435761) >>> 13)).toString('base64')

const protocols: SpokenProtocol[] = ['gemini-chat', 'openai-chat']
const mixed = Object.values(sampleTexts)
  .map((text) => text.slice(0, 40_000))
  .join('\n')
const tools = Array.from({ length: 12 }, (_, index) => ({
  name: `read_lines_${index}`,
  description:
    'Reads lines of a file. The path must be absolute; what is longer than the limit is cut off with a note.',
  parameters: {
    type: 'object',
    properties: { path: { type: 'string', description: 'The absolute path.' }, limit: { type: 'integer' } },
    required: ['path'],
  },
}))
const toolTokens = { 'gemini-chat': exact(JSON.stringify({ functionDeclarations: tools })), 'openai-chat': 0 }
for (const tool of tools) toolTokens['openai-chat'] += exact(JSON.stringify({ type: 'function', function: tool }))
const system = sampleTexts.English.slice(0, 12_000)

/** [bytes or so, messages] */
const sizes: [string, number][] = [
  ['20 KB', 8],
  ['200 KB', 70],
  ['1 MB', 330],
]

describe('the first estimate of a conversation, against the true tokenizer', () => {
  const cases = [...Object.entries(sampleTexts), ['mixed', mixed] as const].flatMap(([kind, text]) =>
    sizes.map(([size, count]) => {
      const perMessage = /[\u3040-\u9fff]{20}/.test(text.slice(0, 200)) ? 1000 : 3000
      return { kind, size, messages: messagesOf(text, count, perMessage) }
    }),
  )

  test.each(cases)('$kind, $size: within 5 %', ({ messages }) => {
    const texts = [system, ...messages].reduce((sum, text) => sum + exact(text) + 4, 0)
    for (const protocol of protocols) {
      const request = requestOf(protocol, bodyOf(protocol, { system, messages, tools }))
      const estimate = rig().estimate(request)
      expect(Math.abs(estimate.tokens / (texts + toolTokens[protocol]) - 1), protocol).toBeLessThan(0.05)
      expect(estimate.exact).toBe(0)
    }
  })
})

describe('what has been counted', () => {
  const messages = messagesOf(mixed, 42, 2000)
  const request = (protocol: SpokenProtocol, count: number): ModelRequest =>
    requestOf(protocol, bodyOf(protocol, { system, messages: messages.slice(0, count), tools }))

  test.each(protocols)('%s: is exact from then on', async (protocol) => {
    const { estimate } = rig()
    estimate(request(protocol, 40))
    await turn()
    const texts = messages.slice(0, 40).reduce((sum, text) => sum + exact(text) + 4, 0)
    expect(estimate(request(protocol, 40))).toEqual({
      tokens: exact(system) + 4 + toolTokens[protocol] + texts,
      parts: { system: exact(system) + 4, tools: toolTokens[protocol], history: texts, media: 0, output: 0 },
      exact: 1,
    })
  })

  test.each(protocols)('%s: only what is new goes to the counter, and only after the estimate', async (protocol) => {
    const { estimate, counter } = rig()
    estimate(request(protocol, 40))
    expect(counter.asked).toEqual([])
    await turn()
    estimate(request(protocol, 40))
    await turn()
    expect(counter.asked).toHaveLength(1)
    const grown = estimate(request(protocol, 42))
    expect(grown.exact).toBeGreaterThan(0.9)
    await turn()
    expect(counter.asked).toHaveLength(2)
    expect(counter.asked[1]).toEqual(messages.slice(40).map((text) => expect.stringContaining(JSON.stringify(text))))
  })

  test('what is on its way to the counter does not go there twice', async () => {
    const { estimate, counter } = rig()
    estimate(request('openai-chat', 40))
    estimate(request('openai-chat', 40))
    await turn()
    expect(counter.asked.flat()).toHaveLength(new Set(counter.asked.flat()).size)
  })

  test('a counter that cannot count leaves the estimate as it was', async () => {
    const counter = { ...counterRig(), count: async () => undefined }
    const { estimate, count } = rig(counter)
    const first = estimate(request('gemini-chat', 40))
    expect(await count(request('gemini-chat', 40), 1000)).toEqual(first)
  })

  test('the counter is not started for a small conversation, but used when it is there', async () => {
    const { estimate, counter } = rig()
    const small = requestOf('openai-chat', bodyOf('openai-chat', { messages: messagesOf(mixed, 5, 3000) }))
    estimate(small)
    await turn()
    expect(counter.asked).toEqual([])
    counter.running = true
    estimate(small)
    await turn()
    expect(counter.asked).toHaveLength(1)
  })
})

describe('count', () => {
  test('waits for the exact figure', async () => {
    const messages = messagesOf(mixed, 30, 2000)
    const { count } = rig()
    const { tokens, exact: share } = await count(requestOf('gemini-chat', bodyOf('gemini-chat', { messages })), 10_000)
    expect([tokens, share]).toEqual([messages.reduce((sum, text) => sum + exact(text) + 4, 0), 1])
  })

  test('but not longer than it may', async () => {
    const counter = { ...counterRig(), count: () => new Promise<undefined>(() => {}) }
    const { count } = rig(counter)
    const request = requestOf('gemini-chat', bodyOf('gemini-chat', { messages: messagesOf(mixed, 30, 2000) }))
    expect((await count(request, 1)).exact).toBe(0)
  })

  test('a few words, without the counter', async () => {
    const { count, counter } = rig()
    const { tokens } = await count(
      requestOf('gemini-chat', bodyOf('gemini-chat', { messages: ['a few words to count'] })),
      1000,
    )
    expect([tokens, counter.asked]).toEqual([9, []])
  })
})

describe('media', () => {
  const words = 'What is in this picture?'
  const cases: [string, SpokenProtocol, (data: string) => object][] = [
    [
      'inlineData',
      'gemini-chat',
      (data) => ({ contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data } }, { text: words }] }] }),
    ],
    [
      'in snake case',
      'gemini-chat',
      (data) => ({ contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data } }, { text: words }] }] }),
    ],
    [
      'in what a tool said',
      'gemini-chat',
      (data) => ({
        contents: [
          {
            role: 'user',
            parts: [
              {
                functionResponse: {
                  name: 'look',
                  response: { output: words },
                  parts: [{ inlineData: { mimeType: 'image/png', data } }],
                },
              },
            ],
          },
        ],
      }),
    ],
    [
      'image_url',
      'openai-chat',
      (data) => ({
        model: 'm',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: words },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
            ],
          },
        ],
      }),
    ],
    [
      'a file',
      'openai-chat',
      (data) => ({
        model: 'm',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: words },
              { type: 'file', file: { filename: 'a.pdf', file_data: data } },
            ],
          },
        ],
      }),
    ],
  ]
  const sizes = [1000, 100_000, 3_000_000]
  test.each(cases.flatMap(([where, protocol, body]) => sizes.map((bytes) => ({ where, protocol, body, bytes }))))(
    'CA14: $where of $bytes bytes does not count as text',
    async ({ protocol, body, bytes }) => {
      const { estimate, count } = rig()
      const request = requestOf(protocol, body(picture(bytes)))
      for (const { parts, tokens } of [estimate(request), await count(request, 10_000)]) {
        expect(parts).toMatchObject({ media: 258 })
        expect(tokens).toBeLessThan(300)
      }
    },
  )

  test('an image alone is no work for the counter', async () => {
    const { estimate, counter } = rig()
    estimate(requestOf('openai-chat', cases[3]![2](picture(100_000))))
    await turn()
    expect(counter.asked).toEqual([])
  })

  test('an image of the past beside a long conversation', () => {
    const messages = messagesOf(sampleTexts.English, 40, 3000)
    const body = { contents: [...messages.map((text) => ({ role: 'user', parts: [{ text }] }))] }
    const without = rig().estimate(requestOf('gemini-chat', body))
    const image = { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: picture(500_000) } }] }
    const withImage = rig().estimate(requestOf('gemini-chat', { contents: [image, ...body.contents] }))
    expect(withImage.tokens - without.tokens).toBe(258 + 4)
  })
})

describe('small bodies', () => {
  const body = bodyOf('openai-chat', { system: 'x'.repeat(400), messages: ['y'.repeat(800)], tools: tools.slice(0, 1) })

  test('are four bytes a token, and their parts add up', () => {
    const request = requestOf('openai-chat', { ...body, max_tokens: 500 })
    const { tokens, parts, exact: share } = rig().estimate(request)
    expect(tokens).toBe(Math.ceil(request.wire.body.length / 4))
    expect(parts.system + parts.tools + parts.history + parts.media).toBe(tokens)
    expect(parts).toMatchObject({ output: 500, media: 0 })
    expect(parts.system).toBeGreaterThan(100)
    expect(parts.tools).toBeGreaterThan(50)
    expect(share).toBe(0)
  })

  test('are not looked into before somebody asks for the parts', () => {
    const request = requestOf('openai-chat', body)
    request.sections = () => {
      throw new Error('looked into')
    }
    const estimate = rig().estimate(request)
    expect(estimate.tokens).toBeGreaterThan(0)
    expect(() => estimate.parts).toThrow('looked into')
  })
})

describe('whatever comes', () => {
  const pretty = (protocol: SpokenProtocol) =>
    Buffer.from(JSON.stringify(bodyOf(protocol, { system, messages: messagesOf(mixed, 12, 2000), tools }), null, 2))

  test.each(protocols)('%s: layout costs nothing', async (protocol) => {
    const compact = Buffer.from(JSON.stringify(JSON.parse(pretty(protocol).toString())))
    const [one, other] = [requestOf(protocol, pretty(protocol)), requestOf(protocol, compact)]
    expect((await rig().count(one, 10_000)).tokens).toBe((await rig().count(other, 10_000)).tokens)
    expect(Math.abs(rig().estimate(one).tokens / rig().estimate(other).tokens - 1)).toBeLessThan(0.02)
  })

  test('CA15: Chinese written in escapes counts as Chinese', () => {
    const messages = messagesOf(sampleTexts.Chinese, 30, 1000)
    const plain = Buffer.from(JSON.stringify(bodyOf('gemini-chat', { messages })))
    const escaped = Buffer.from(
      plain.toString().replace(/[^\0-~]/g, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`),
    )
    const [one, other] = [plain, escaped].map((body) => rig().estimate(requestOf('gemini-chat', body)).tokens)
    expect(Math.abs(other! / one! - 1)).toBeLessThan(0.03)
  })

  test('a body without sections counts as one message', () => {
    const request = requestOf('openai-chat', bodyOf('openai-chat', { messages: messagesOf(mixed, 20, 2000) }))
    const { sections: _, ...bare } = request
    expect(Math.abs(rig().estimate(bare).tokens / rig().estimate(request).tokens - 1)).toBeLessThan(0.05)
  })
})
