import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactText, secretSpellings } from '../../../src-core/model/redact.ts'

const known = secretSpellings(['hunter2-is-secret', 'pa"ss\\word', 'a b&c', 'abc', 'three plain words'])
const text = (words: string): string => redactText(words, known)

describe('redact text', () => {
  test.each([
    ['GET /v1beta/models?key=abc123&alt=sse', 'GET /v1beta/models?key=***&alt=sse'],
    ['http://127.0.0.1:4142/?token=abc', 'http://127.0.0.1:4142/?token=***'],
    ['/cb?code=4/0AX&state=xyz&scope=a', '/cb?code=***&state=***&scope=a'],
    ['POST /k/pbkey123/v1/chat/completions', 'POST /k/***/v1/chat/completions'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer ***'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic ***'],
    ['x-goog-api-key: secretvalue, next: 1', 'x-goog-api-key: ***, next: 1'],
    ['{"x-api-key":"secretvalue","a":1}', '{"x-api-key":"***","a":1}'],
    ['api-key=secretvalue', 'api-key=***'],
    ['Cookie: a=1; b=2\nhost: x', 'Cookie: ***\nhost: x'],
    ['{"refresh_token": "1//0abc", "ok": true}', '{"refresh_token": "***", "ok": true}'],
    ['client_secret=GOCSPX-abc&x=1', 'client_secret=***&x=1'],
    ['Incorrect API key provided: sk-proj-abc123. See', 'Incorrect API key provided: ***. See'],
    ['key sk-1234 refused', 'key *** refused'],
    ['AIzaSyA1234567890abcdefghijklmnopqrstuv is bad', '*** is bad'],
    ['token ya29.a0AfH6SMBx_y-z', 'token ***'],
    ['pb-9fK2mQ7x is ours', '*** is ours'],
    ['sk-proj-AbC****xyz and sk-a1b2...c3d4.', '*** and ***.'],
    ['hf_abcdef0123 or ghp_0123abcd', '*** or ***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '***'],
    ['https://user:pass@proxy.local:8080/', 'https://***@proxy.local:8080/'],
    ['it was hunter2-is-secret.', 'it was ***.'],
    ['{"a":"pa\\"ss\\\\word"}', '{"a":"***"}'],
    ['/x?y=a%20b%26c', '/x?y=***'],
    ['Bearer three plain words', 'Bearer ***'],
  ])('%s', (before, after) => expect(text(before)).toBe(after))

  test.each([
    'The task-list and the risk-assessment are done.',
    'max_tokens: 4096, total_tokens=17',
    'No target answered within 600 s (retry.deadlineMs).',
    'litellm.azure-gpt-5 (rate-limited)',
    'GET /v1/models 200',
    'Not part of the basic plan.',
  ])('leaves alone: %s', (words) => expect(text(words)).toBe(words))

  test('a long hostile text takes no time to speak of', () => {
    const pieces = [
      'authorization: ',
      'eyJaaaaaaaa.',
      'eyJaaaaaaaa-',
      'a',
      'a.',
      'http://a:',
      'sk-',
      '?key=',
      'cookie ',
      ' ',
    ]
    const words = pieces.map((piece) => piece.repeat(20_000)).join('\n')
    expect(text(words).length).toBeLessThanOrEqual(words.length)
  })

  test('what passes at a glance holds nothing the patterns would cut', () => {
    const pieces = fc.constantFrom(
      ...[
        'cookie',
        'Bearer',
        'BASIC',
        'api_key',
        'password',
        'key',
        '?token',
        '/k/',
        'eyJ',
        'sk-',
        'hf_',
        'AIza',
        'ya29',
      ],
      ...['1//0', 'https', '//', '@', ':', '=', ' ', '"', '.', ';', '&', 'abcdef01', 'QWERTZ', '\n'],
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const words = parts.join('')
        // the colon makes every pattern run
        expect(text(`:\r\n${words}`)).toBe(`:\r\n${text(words)}`)
      }),
      { numRuns: 2000 },
    )
  })
})
