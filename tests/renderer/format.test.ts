import { expect, test } from 'vitest'
import { compactCount, countdown, duration, percent, relativeTime } from '../../renderer/format.ts'

test.each([
  [0, '0'],
  [950, '950'],
  [1000, '1 k'],
  [1234, '1.2 k'],
  [182_400, '182 k'],
  [999_499, '999 k'],
  [999_500, '1 M'],
  [1_048_576, '1.05 M'],
])('%d tokens are %s', (count, words) => expect(compactCount(count)).toBe(words))

test.each([
  [85.4, '85 ms'],
  [999.4, '999 ms'],
  [1200, '1.2 s'],
  [9949, '9.9 s'],
  [45_300, '45 s'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
])('%d ms are %s', (ms, words) => expect(duration(ms)).toBe(words))

test.each([
  [-5, '0:00'],
  [41_001, '0:42'],
  [725_000, '12:05'],
  [3_720_000, '1:02:00'],
])('%d ms left are %s', (ms, words) => expect(countdown(ms)).toBe(words))

test.each([
  [0, '0 %'],
  [0.0004, '< 1 %'],
  [0.614, '61 %'],
  [1.2, '120 %'],
])('%d is %s', (ratio, words) => expect(percent(ratio)).toBe(words))

test.each([
  [-130_000, 'en', '2 minutes ago'],
  [0, 'en', 'now'],
  [-7_200_000, 'en', '2 hours ago'],
  [-130_000, 'zh', '2分钟前'],
])('%d ms from now, in %s: %s', (ms, language, words) => {
  expect(relativeTime(1_000_000_000 + ms, 1_000_000_000, language)).toBe(words)
})
