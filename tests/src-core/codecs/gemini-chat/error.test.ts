import { describe, expect, test } from 'vitest'
import { consequences, type ErrorKind, GatewayError } from '../../../../src-core/model/error.ts'
import { codec } from './setting.ts'

const encode = (kind: ErrorKind, waitMs?: number) => {
  const wait = waitMs === undefined ? {} : { wait: { ms: waitMs, from: 'retry-after' } }
  const { status, headers, body, inStream } = codec.encodeError(new GatewayError(kind, 'One sentence.', wait))
  return { status, headers, error: JSON.parse(body).error, late: JSON.parse(inStream).error, inStream }
}
const retryInfo = (retryDelay: string) => [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }]

describe('an error for the CLI', () => {
  test('a rate limit carries its wait where the CLI reads it', () => {
    const { status, headers, error } = encode('rate-limited', 16_001)
    expect(status).toBe(429)
    expect(headers).toEqual({ 'content-type': 'application/json; charset=utf-8', 'retry-after': '17' })
    expect(error).toEqual({
      code: 429,
      message: 'One sentence.',
      status: 'RESOURCE_EXHAUSTED',
      details: retryInfo('17s'),
    })
  })

  test.each<[ErrorKind, number, string]>([
    ['bad-request', 400, 'INVALID_ARGUMENT'],
    ['not-found', 400, 'INVALID_ARGUMENT'],
    ['model-not-found', 400, 'INVALID_ARGUMENT'],
    ['unauthorized', 401, 'UNAUTHENTICATED'],
    ['bad-credentials', 403, 'PERMISSION_DENIED'],
    ['too-large', 413, 'INVALID_ARGUMENT'],
    ['quota-exhausted', 403, 'PERMISSION_DENIED'],
    ['internal', 400, 'FAILED_PRECONDITION'],
  ])('%s is told at once: %i %s, no details', (kind, status, word) => {
    const { headers, error, ...rest } = encode(kind, 9000)
    expect(rest.status).toBe(status)
    expect(error).toEqual({ code: status, message: 'One sentence.', status: word })
    expect(headers).not.toHaveProperty('retry-after')
  })

  test.each<[ErrorKind, number, string]>([
    ['rate-limited', 429, 'RESOURCE_EXHAUSTED'],
    ['capacity', 503, 'UNAVAILABLE'],
    ['provider-error', 503, 'UNAVAILABLE'],
    ['provider-unreachable', 503, 'UNAVAILABLE'],
    ['stream-broken', 502, 'UNAVAILABLE'],
    ['timeout', 504, 'DEADLINE_EXCEEDED'],
  ])('%s may be tried again: %i %s', (kind, status, word) => {
    expect(encode(kind)).toMatchObject({ status, error: { code: status, status: word, details: retryInfo('5s') } })
    expect(encode(kind, 10)).toMatchObject({ error: { details: retryInfo('1s') } })
  })

  test('no kind is ever a 404, a hot loop or a daily quota', () => {
    for (const kind of Object.keys(consequences) as ErrorKind[]) {
      const { status, error } = encode(kind)
      expect(status).not.toBe(404)
      expect(error.code).toBe(status)
      expect(JSON.stringify(error)).not.toMatch(/MODEL_CAPACITY_EXHAUSTED|QuotaFailure|Daily|PerDay/)
    }
  })

  test('in a stream it is bare JSON with a code that ends it', () => {
    for (const kind of Object.keys(consequences) as ErrorKind[]) {
      const { inStream, late } = encode(kind)
      expect(inStream.startsWith('{"error":{"code":4')).toBe(true)
      expect([429, 499]).not.toContain(late.code)
      expect(late.message).toBe('One sentence.')
    }
  })
})
