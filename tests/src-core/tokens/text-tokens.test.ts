import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'
import { textTokens } from '../../../src-core/tokens/text-tokens.ts'
import { sampleTexts } from '../../helpers/sample-texts.ts'

const plain = { disallowedSpecial: new Set<string>() }

const others: [string, string][] = [
  [
    'Korean',
    '대한민국은 민주공화국이다. 대한민국의 주권은 국민에게 있고, 모든 권력은 국민으로부터 나온다. 오늘 날씨가 정말 좋네요. 산책하러 갑시다.',
  ],
  [
    'Russian',
    'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. Всё смешалось в доме Облонских. Жена узнала, что муж был в связи с бывшею в их доме француженкою-гувернанткой.',
  ],
  [
    'German',
    'Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller staatlichen Gewalt. Das Deutsche Volk bekennt sich darum zu unverletzlichen und unveräußerlichen Menschenrechten.',
  ],
  [
    'base64',
    Buffer.from(Uint8Array.from({ length: 3000 }, (_, index) => Math.imul(index, 2654435761) >>> 13)).toString(
      'base64',
    ),
  ],
  ['numbers', Array.from({ length: 300 }, (_, index) => index * 7919).join(', ')],
  ['white space', 'if (a) {\n        return\n\n\n    }\n\t\tb\r\n'.repeat(20)],
]

describe('text-tokens, against the true tokenizer', () => {
  const off = (text: string) => Math.abs(textTokens(text) / countTokens(text, plain) - 1)

  test.each(Object.entries(sampleTexts))('%s within 3 %', (_, text) =>
    expect(off(text.slice(0, 60_000))).toBeLessThan(0.03),
  )

  test.each(others)('a little %s within 5 %', (_, text) => expect(off(text)).toBeLessThan(0.05))

  test.each([
    ['nothing', '', 0],
    ['a word', 'hello', 1],
    ['two words', 'hello world', 2],
    ['digits go by three', '1234567', 3],
    ['a special token is only text', '<|endoftext|>', countTokens('<|endoftext|>', plain)],
  ])('%s', (_, text, tokens) => expect(textTokens(text)).toBe(tokens))

  test('half a character harms nobody', () => expect(textTokens('\ud83d and \udc4d')).toBeGreaterThan(1))
})
