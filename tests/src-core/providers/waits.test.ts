import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WaitRule } from '../../../src-core/config/service-profile-schema.ts'
import { readFailureBody } from '../../../src-core/providers/failure-body.ts'
import { findWait } from '../../../src-core/providers/waits.ts'

const now = Date.parse('2026-11-21T06:00:00Z')
const chinese: WaitRule = { message: String.raw`(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)`, unit: 'date-time', zone: '+08:00' }

function find(headers: Record<string, string>, body: unknown = '', rules: WaitRule[] = [], resets = true) {
  return findWait({
    headers,
    body: readFailureBody(typeof body === 'string' ? body : JSON.stringify(body)),
    rules,
    now,
    resets,
  })
}

const details = (...list: unknown[]) => ({
  error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED', details: list },
})
const retryInfo = (retryDelay: unknown) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const metadata = (data: object) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'QUOTA_EXHAUSTED',
  metadata: data,
})

describe('headers', () => {
  test.each<[string, Record<string, string>, number | undefined, string?, 'reset'?]>([
    ['milliseconds', { 'retry-after-ms': '1234' }, 1234, 'retry-after-ms'],
    ['milliseconds before seconds', { 'retry-after': '60', 'retry-after-ms': '250' }, 250, 'retry-after-ms'],
    ['seconds', { 'retry-after': '7' }, 7000, 'retry-after'],
    ['seconds with a fraction', { 'retry-after': '0.25' }, 250, 'retry-after'],
    ['an HTTP date', { 'retry-after': 'Sat, 21 Nov 2026 06:00:30 GMT' }, 30_000, 'retry-after'],
    ['a date gone by', { 'retry-after': 'Sat, 21 Nov 2026 05:00:00 GMT' }, undefined],
    ['zero', { 'retry-after': '0' }, undefined],
    ['minus one', { 'retry-after-ms': '-1', 'retry-after': '-1' }, undefined],
    ['NaN', { 'retry-after': 'NaN' }, undefined],
    ['unusable, then usable', { 'retry-after-ms': '0', 'retry-after': '3' }, 3000, 'retry-after'],
    ['from behind a proxy', { 'llm_provider-retry-after': '9' }, 9000, 'llm_provider-retry-after'],
    ['absurd', { 'retry-after': '99999999999' }, 31 * 86_400_000, 'retry-after'],
    [
      'OpenAI’s resets: the one used up',
      {
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-reset-tokens': '6m0s',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-remaining-tokens': '900',
      },
      1000,
      'x-ratelimit-reset-requests',
      'reset',
    ],
    [
      'OpenAI’s resets: the later, when none says so',
      { 'x-ratelimit-reset-requests': '120ms', 'x-ratelimit-reset-tokens': '6m0s' },
      360_000,
      'x-ratelimit-reset-tokens',
    ],
    ['Azure’s resets: plain seconds', { 'x-ratelimit-reset-tokens': '12' }, 12_000, 'x-ratelimit-reset-tokens'],
    ['Azure’s resets: -1 and 0', { 'x-ratelimit-reset-tokens': '-1', 'x-ratelimit-reset-requests': '0' }, undefined],
    [
      'Anthropic: latest of those used up',
      {
        'anthropic-ratelimit-requests-reset': '2026-11-21T06:00:10Z',
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-21T06:00:40Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-output-tokens-reset': '2026-11-21T07:00:00Z',
        'anthropic-ratelimit-output-tokens-remaining': '5',
      },
      40_000,
      'anthropic-ratelimit-input-tokens-reset',
      'reset',
    ],
    [
      'OpenRouter: milliseconds since 1970',
      { 'x-ratelimit-reset': String(now + 5000) },
      5000,
      'x-ratelimit-reset',
      'reset',
    ],
    ['none', {}, undefined],
  ])('%s', (_what, headers, ms, from, reset) => {
    expect(find(headers)).toEqual(ms === undefined ? undefined : { ms, from, ...(reset && { reset: true }) })
  })

  test('resets are not read unless asked', () => {
    expect(find({ 'x-ratelimit-reset-tokens': '12' }, '', [], false)).toBeUndefined()
  })
})

describe('Google’s details, and instants named bare', () => {
  test.each<[string, unknown, number | undefined, 'reset'?]>([
    ['a protobuf duration', details(retryInfo('33740.910400305s')), 33_740_911],
    ['milliseconds', details(retryInfo('900ms')), 900],
    ['zero', details(retryInfo('0s')), undefined],
    ['another type', details(retryInfo({ seconds: 3 })), undefined],
    ['a reset instant', details(metadata({ quotaResetTimeStamp: '2026-11-21T06:01:00Z' })), 60_000, 'reset'],
    ['a reset delay', details(metadata({ quotaResetDelay: '161h39m41.3s' })), 581_981_300, 'reset'],
    ['a short reset delay', details(metadata({ quotaResetDelay: '373.8ms' })), 374, 'reset'],
    ['RetryInfo before resets', details(metadata({ quotaResetDelay: '1h' }), retryInfo('5s')), 5000],
    ['an unusable RetryInfo gives way', details(retryInfo('-1s'), metadata({ quotaResetDelay: '2s' })), 2000, 'reset'],
    [
      'a RetryInfo that is the reset',
      details(retryInfo('33740.9s'), metadata({ quotaResetDelay: '9h22m20.9s' })),
      33_740_900,
      'reset',
    ],
    ['resetAt', { error: { message: 'Daily limit', resetAt: '2026-11-21T16:00:00Z' } }, 36_000_000, 'reset'],
    ['resets_at, seconds', { error: { type: 'usage_limit', resets_at: now / 1000 + 90 } }, 90_000, 'reset'],
    ['reset_at, milliseconds', { reset_at: now + 1500, message: 'No more' }, 1500, 'reset'],
    ['resetAt gone by', { error: { message: 'Daily limit', resetAt: '2026-11-20T16:00:00Z' } }, undefined],
    ['resetAt in words of its own', { error: { message: 'Daily limit', resetAt: 'tomorrow' } }, undefined],
  ])('%s', (_what, body, ms, reset) => {
    const wait = ms === undefined ? undefined : { ms, from: 'body', ...(reset && { reset: true }) }
    expect(find({}, body)).toEqual(wait)
  })
})

describe('words', () => {
  test.each<[string, number | undefined, WaitRule[]?, 'reset'?]>([
    ['Quota exceeded. Please retry in 12.5s.', 12_500],
    ['Your quota will reset after 4h28m20s.', 16_100_000, [], 'reset'],
    ['Resets in 9h22m20s', 33_740_000, [], 'reset'],
    ['Rate limit reached. Please try again in 20ms. Visit the site.', 20],
    ['Please try again in 1m2.5s.', 62_500],
    ['No deployments available for selected model, Try again in 12.5 seconds. Passed model=x', 12_500],
    ['exceeded token rate limit. Please retry after 26 seconds.', 26_000],
    ['Try again in 2 minutes', 120_000],
    ['Try again later', undefined],
    ['Limit will reset at 2026-11-21 18:30:00', 16_200_000, [chinese], 'reset'],
    ['Limit reset at 2026-11-20 18:30:00', undefined, [chinese]],
    ['wait 90 please', 90_000, [{ message: 'wait (\\d+)', unit: 's' }]],
    ['wait 2 please', 120_000, [{ message: 'wait (\\d+)', unit: 'm' }]],
    ['until 2026-11-21T06:00:05Z', 5000, [{ message: 'until (\\S+)', unit: 'date-time' }], 'reset'],
  ])('%s', (message, ms, rules, reset) => {
    const wait = ms === undefined ? undefined : { ms, from: 'body', ...(reset && { reset: true }) }
    expect(find({}, { error: { message } }, rules)).toEqual(wait)
  })

  test('headers come before details, details before words, a provider’s words before resets', () => {
    const body = { error: { message: 'wait 4. Please retry in 9s', details: [retryInfo('3s')] } }
    const rules: WaitRule[] = [{ message: 'wait (\\d+)', unit: 's' }]
    const resets = { 'x-ratelimit-reset-tokens': '5s' }
    expect(find({ 'retry-after': '2', ...resets }, body, rules)?.ms).toBe(2000)
    expect(find(resets, body, rules)?.ms).toBe(3000)
    expect(find(resets, { error: { message: body.error.message } }, rules)?.ms).toBe(4000)
    expect(find(resets, { error: { message: 'Please retry in 9s' } })?.ms).toBe(5000)
    expect(find({}, { error: { message: 'Please retry in 9s' } })?.ms).toBe(9000)
  })
})

test('whatever a service writes, a wait is a sane whole number', () => {
  const text = fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom('1e309', '1h1h', '1.2.3s', '٣s'))
  fc.assert(
    fc.property(text, text, text, (header, delay, words) => {
      const wait = find(
        { 'retry-after': header, 'x-ratelimit-reset-tokens': delay },
        details(retryInfo(delay), { message: words }),
      )
      if (!wait) return
      expect(Number.isSafeInteger(wait.ms)).toBe(true)
      expect(wait.ms).toBeGreaterThan(0)
      expect(wait.ms).toBeLessThanOrEqual(31 * 86_400_000)
    }),
  )
})
