import { describe, expect, test } from 'vitest'
import type { Conversation, Part } from '../../../src-core/model/request.ts'
import { estimateText } from '../../../src-core/router/text-tokens.ts'
import { estimateConversation, estimateTokens } from '../../../src-core/router/tokens.ts'
import { request } from './rig.ts'

/** Counted once with the o200k tokenizer. */
const counted: [string, string, number][] = [
  [
    'English',
    'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of Light.',
    52,
  ],
  [
    'TypeScript',
    'export function parseTargetName(text: string): TargetName | undefined {\n  const match = pattern.exec(text)\n  if (!match) return undefined\n  const [, provider, alias, model] = match\n  return alias === undefined ? { provider, model } : { provider, alias, model }\n}\n',
    62,
  ],
  [
    'JSON',
    '{"name":"read_file","description":"Reads a file from the disk.","parameters":{"type":"object","properties":{"path":{"type":"string","description":"The absolute path."},"limit":{"type":"integer"}},"required":["path"]}}',
    48,
  ],
  [
    'Chinese',
    '中华人民共和国位于亚洲东部，太平洋西岸，是世界上历史最悠久的国家之一。中国各族人民共同创造了光辉灿烂的文化，具有光荣的革命传统。我今天早上去了公园，看到很多老人在打太极拳。',
    62,
  ],
  [
    'Japanese',
    '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。プログラムを実行してください。',
    69,
  ],
  [
    'Korean',
    '대한민국은 민주공화국이다. 대한민국의 주권은 국민에게 있고, 모든 권력은 국민으로부터 나온다. 오늘 날씨가 정말 좋네요. 산책하러 갑시다.',
    44,
  ],
  [
    'Russian',
    'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. Всё смешалось в доме Облонских. Жена узнала, что муж был в связи с бывшею в их доме француженкою-гувернанткой.',
    63,
  ],
  [
    'German',
    'Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller staatlichen Gewalt. Das Deutsche Volk bekennt sich darum zu unverletzlichen und unveräußerlichen Menschenrechten.',
    46,
  ],
]

describe('text-tokens', () => {
  test.each(counted)('%s within 10 %', (_, text, tokens) => {
    expect(Math.abs(estimateText(text) / tokens - 1)).toBeLessThan(0.1)
  })

  test('nothing is nothing', () => expect(estimateText('')).toBe(0))
})

const english = counted[0]![1]
const estimate = (body: unknown): number => estimateTokens(request({ body: Buffer.from(JSON.stringify(body)) })).tokens

/** Base64 that looks like a picture's: every byte value, no pattern. */
function picture(bytes: number): string {
  return Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => Math.imul(index, 2654435761) >>> 13)).toString(
    'base64',
  )
}

describe('estimateTokens', () => {
  test('a small body is four bytes a token', () => {
    expect(estimateTokens(request({ body: Buffer.alloc(400, 'a') })).tokens).toBe(100)
    expect(estimateTokens(request({ body: Buffer.alloc(0) })).tokens).toBe(0)
  })

  test.each(counted)('a long body of %s within 15 %', (_, text, tokens) => {
    const turns = Math.ceil(400_000 / Buffer.byteLength(text))
    const messages = Array.from({ length: turns }, () => ({ role: 'user', content: text }))
    // `{"role":"user","content":""},` around each is 8 tokens.
    expect(Math.abs(estimate({ messages }) / (turns * (tokens + 8)) - 1)).toBeLessThan(0.15)
  })

  test('CA14: a huge image does not count as text', () => {
    const contents = [
      { parts: [{ text: english }, { inlineData: { mimeType: 'image/png', data: picture(3_000_000) } }] },
    ]
    expect(estimate({ contents })).toBeLessThan(2000)
  })

  test('an image of the past beside a long conversation', () => {
    const long = `${english} `.repeat(1000)
    const without = estimate({ contents: [{ parts: [{ text: long }] }] })
    const contents = [{ parts: [{ inlineData: { data: picture(500_000) } }] }, { parts: [{ text: long }] }]
    expect(Math.abs(estimate({ contents }) / (without + 258) - 1)).toBeLessThan(0.1)
  })

  test('escaped text counts as what it says', () => {
    const chinese = counted[3]![1].repeat(300)
    const escaped = `"${[...chinese].map((letter) => `\\u${letter.charCodeAt(0).toString(16)}`).join('')}"`
    const plain = estimate(chinese)
    expect(Math.abs(estimateTokens(request({ body: Buffer.from(escaped) })).tokens / plain - 1)).toBeLessThan(0.15)
  })
})

function conversation(parts: Part[], rest: Partial<Conversation> = {}): Conversation {
  return {
    system: [],
    messages: [{ role: 'user', parts }],
    tools: [],
    serverTools: [],
    generation: {},
    extensions: {},
    ...rest,
  }
}

describe('estimateConversation', () => {
  const empty = estimateConversation(conversation([]))
  const cases: [string, Conversation, number][] = [
    ['text', conversation([{ type: 'text', text: english }]), 52],
    ['the system prompt', conversation([], { system: [{ type: 'text', text: english }] }), 52],
    ['reasoning', conversation([{ type: 'reasoning', text: english }]), 52],
    [
      'an image, whatever its size',
      conversation([{ type: 'media', mimeType: 'image/png', data: picture(100_000) }]),
      258,
    ],
    ['a tool call', conversation([{ type: 'tool-call', id: '1', name: 'say', args: { words: english } }]), 59],
    ['a tool result in words', conversation([{ type: 'tool-result', id: '1', name: 'say', value: english }]), 53],
    [
      'a tool result with a picture',
      conversation([
        {
          type: 'tool-result',
          id: '1',
          name: 'look',
          value: {},
          media: [{ type: 'media', mimeType: 'image/png', data: picture(9000) }],
        },
      ]),
      260,
    ],
    [
      'what only one protocol knows',
      conversation([{ type: 'opaque', protocol: 'gemini-chat', value: {}, text: english }]),
      52,
    ],
    [
      'a tool',
      conversation([], { tools: [{ name: 'say', description: english, parameters: { type: 'object' } }] }),
      70,
    ],
  ]
  test.each(cases)('%s', (_, what, tokens) => {
    expect(Math.abs((estimateConversation(what) - empty) / tokens - 1)).toBeLessThan(0.15)
  })
})
