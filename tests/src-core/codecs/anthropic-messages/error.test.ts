import { expect, test } from 'vitest'
import { encodeError } from '../../../../src-core/codecs/anthropic-messages/error.ts'
import { type ErrorKind, GatewayError } from '../../../../src-core/model/error.ts'

test.each<[ErrorKind, number, string]>([
  ['unauthorized', 401, 'authentication_error'],
  ['forbidden', 403, 'permission_error'],
  ['bad-request', 400, 'invalid_request_error'],
  ['not-found', 400, 'not_found_error'],
  ['too-large', 413, 'request_too_large'],
  ['rate-limited', 429, 'rate_limit_error'],
  ['provider-unreachable', 503, 'overloaded_error'],
  ['internal', 500, 'api_error'],
])('%s is %i %s', (kind, status, type) => {
  const encoded = encodeError(new GatewayError(kind, 'Why.', { wait: { ms: 1500, from: 'retry-after' } }))
  expect(encoded.status).toBe(status)
  expect(JSON.parse(encoded.body)).toEqual({ type: 'error', error: { type, message: 'Why.' } })
  expect(encoded.headers['retry-after']).toBe('2')
  expect(encoded.inStream).toBe(`event: error\ndata: ${encoded.body}\n\n`)
})
