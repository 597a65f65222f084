import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src-core/model/error.ts'
import { createRedactor } from '../../../src-core/observe/redact.ts'

const { value } = createRedactor({ known: () => ['hunter2-is-secret', 'pa"ss\\word', 'a b&c'] })

describe('redact values', () => {
  test('secrets by name, by look and by being known', () => {
    const before = {
      headers: { Authorization: 'whatever', 'X-Goog-Api-Key': ['a', 'b'], cookie: 'c', accept: 'text/plain' },
      note: 'sent hunter2-is-secret',
      'hunter2-is-secret': 1,
      apiKey: 'x',
      code: 'ECONNREFUSED',
      tokens: 12,
      token: null,
      list: ['sk-abcdef', new Map([['password', 'p']]), new Set(['ok'])],
      body: Buffer.from('hunter2-is-secret'),
      when: new Date(0),
      big: 10n,
    }
    expect(value(before)).toEqual({
      headers: { Authorization: '***', 'X-Goog-Api-Key': '***', cookie: '***', accept: 'text/plain' },
      note: 'sent ***',
      '***': 1,
      apiKey: '***',
      code: 'ECONNREFUSED',
      tokens: 12,
      token: null,
      list: ['***', { password: '***' }, ['ok']],
      body: '17 bytes',
      when: '1970-01-01T00:00:00.000Z',
      big: '10',
    })
  })

  test('errors are told with their causes', () => {
    const cause = new AggregateError([new Error('with sk-abcdef')], 'all failed')
    const told = value({ error: new GatewayError('timeout', 'It took hunter2-is-secret.', { cause, target: 'p.m' }) })
    expect(told).toMatchObject({
      error: {
        name: 'GatewayError',
        kind: 'timeout',
        target: 'p.m',
        message: 'It took ***.',
        cause: { name: 'AggregateError', message: 'all failed', errors: [{ message: 'with ***' }] },
      },
    })
    expect(JSON.stringify(told)).not.toMatch(/hunter2|sk-abc/)
  })

  test('cycles, depth and odd keys do no harm', () => {
    const round: Record<string, unknown> = JSON.parse('{"__proto__": {"polluted": true}}')
    round.self = round
    let deep: unknown = 'bottom'
    for (let level = 0; level < 100; level += 1) deep = { deep }
    expect(JSON.stringify(value({ round, deep }))).toContain('"self":"…"')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

test('the secrets in use are those of this moment', () => {
  let secrets = ['first-secret']
  const { text } = createRedactor({ known: () => secrets })
  expect(text('first-secret second-secret')).toBe('*** second-secret')
  secrets = ['first-secret', 'second-secret']
  expect(text('first-secret second-secret')).toBe('*** ***')
  secrets = ['other-secret', 'second-secret']
  expect(text('first-secret other-secret')).toBe('first-secret ***')
})

describe('known secrets never survive', () => {
  const secret = fc.oneof(
    fc.string({ minLength: 4, maxLength: 40 }),
    fc.string({ minLength: 4, maxLength: 12, unit: 'binary' }),
    fc.string({ minLength: 4, maxLength: 8, unit: fc.constantFrom('a', '*', '"', '\\', '=') }),
  )
  const padding = fc.string({ maxLength: 20, unit: fc.constantFrom('a', '*', '"', ' ', ':', '=', '/', '\\') })

  test('in text, as they are, in JSON and in a URL', () => {
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(padding), (secrets, between) => {
        const redactor = createRedactor({ known: () => secrets })
        const words = secrets
          .flatMap((one, index) => [
            between[index] ?? '',
            one,
            JSON.stringify(one),
            one.isWellFormed() ? encodeURIComponent(one) : '',
          ])
          .join('')
        const clean = redactor.text(words)
        for (const one of secrets) expect(clean).not.toContain(one)
      }),
      { numRuns: 500 },
    )
  })

  test('in any string of any value', () => {
    fc.assert(
      fc.property(
        secret,
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }),
        (one, around) => {
          const redactor = createRedactor({ known: () => [one] })
          const strings: string[] = []
          const gather = (found: unknown): void => {
            if (typeof found === 'string') strings.push(found)
            else if (typeof found === 'object' && found !== null) {
              strings.push(...Object.keys(found))
              Object.values(found).forEach(gather)
            }
          }
          gather(redactor.value({ around, a: [one], [`x${one}`]: { error: new Error(one, { cause: `${one}!` }) } }))
          for (const found of strings) expect(found).not.toContain(one)
        },
      ),
      { numRuns: 500 },
    )
  })
})
