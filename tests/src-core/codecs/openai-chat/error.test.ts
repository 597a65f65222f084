import { describe, expect, test } from 'vitest'
import { consequences, type ErrorKind, GatewayError } from '../../../../src-core/model/error.ts'
import { codec } from './support.ts'

describe('errors as OpenAI’s clients know them', () => {
  test.each<[ErrorKind, number, string, string | null]>([
    ['bad-request', 400, 'invalid_request_error', null],
    ['unauthorized', 401, 'authentication_error', 'invalid_api_key'],
    ['too-large', 413, 'invalid_request_error', 'request_too_large'],
    ['context-overflow', 400, 'invalid_request_error', 'context_length_exceeded'],
    ['content-filtered', 400, 'invalid_request_error', 'content_filter'],
    ['model-not-found', 400, 'not_found_error', 'model_not_found'],
    ['rate-limited', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['quota-exhausted', 429, 'insufficient_quota', 'insufficient_quota'],
    ['capacity', 503, 'server_error', 'overloaded'],
    ['timeout', 504, 'timeout', 'timeout'],
    ['internal', 500, 'server_error', 'internal_error'],
  ])('%s', (kind, status, type, code) => {
    const encoded = codec.encodeError(new GatewayError(kind, 'Words.', { path: 'messages[0]' }))
    expect(encoded.status).toBe(status)
    expect(JSON.parse(encoded.body)).toEqual({ error: { message: 'Words.', type, param: 'messages[0]', code } })
    expect(encoded.headers).toEqual({ 'content-type': 'application/json' })
  })

  test('every kind has its four keys', () => {
    for (const kind of Object.keys(consequences) as ErrorKind[]) {
      const { error } = JSON.parse(codec.encodeError(new GatewayError(kind, 'x')).body) as { error: object }
      expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code'])
    }
  })

  test.each([
    [17_000, '17'],
    [17_001, '18'],
    [200, '1'],
    [0, undefined],
  ])('a wait of %i ms', (ms, header) => {
    const error = new GatewayError('rate-limited', 'x', { wait: { ms, from: 'retry-after' } })
    expect(codec.encodeError(error).headers['retry-after']).toBe(header)
  })
})
