import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src-core/model/error.ts'
import { isOwnAddress, nextHop, refuseOwnAddress } from '../../../src-core/providers/loop-guard.ts'

describe('our own address', () => {
  const local = [{ host: '127.0.0.1', port: 4141 }]
  test.each([
    'http://127.0.0.1:4141/v1',
    'http://localhost:4141',
    'http://LOCALHOST.:4141',
    'http://127.1:4141',
    'http://127.0.0.2:4141',
    'http://2130706433:4141',
    'http://0x7f.0.0.1:4141',
    'http://0.0.0.0:4141',
    'http://[::1]:4141',
    'http://[::]:4141',
    'http://[::ffff:127.0.0.1]:4141',
    'http://[0:0:0:0:0:0:0:1]:4141',
    'http://me.localhost:4141',
    'https://localhost:4141',
  ])('%s', (url) => expect(isOwnAddress(new URL(url), local)).toBe(true))

  test.each(['http://127.0.0.1:4000', 'http://localhost', 'http://192.168.1.7:4141', 'http://localhost.example:4141'])(
    'not %s',
    (url) => expect(isOwnAddress(new URL(url), local)).toBe(false),
  )

  test.each([
    ['http://192.168.1.7:4141', { host: '192.168.1.7', port: 4141 }, true],
    ['http://localhost:4141', { host: '192.168.1.7', port: 4141 }, false],
    ['http://localhost:4141', { host: '0.0.0.0', port: 4141 }, true],
    ['http://[::1]:4141', { host: '::', port: 4141 }, true],
    ['http://localhost', { host: '127.0.0.1', port: 80 }, true],
    ['https://gateway.example', { host: 'gateway.example.', port: 443 }, true],
  ])('%s while listening on %o: %s', (url, own, expected) => expect(isOwnAddress(new URL(url), [own])).toBe(expected))

  test('is refused in words', () => {
    const attempt = () => refuseOwnAddress(new URL('http://localhost:4141/v1?key=SECRET'), local, 'litellm')
    expect(attempt).toThrow('Provider litellm points at this gateway itself (localhost:4141).')
    expect(attempt).not.toThrow('SECRET')
  })
})

describe('hops', () => {
  test.each([
    [{}, 'me'],
    [{ 'x-patchbay-hop': 'other' }, 'other, me'],
    [{ 'x-patchbay-hop': ' a ,b, ' }, 'a, b, me'],
    [{ 'x-patchbay-hop': ['a', 'b'] }, 'a, b, me'],
  ])('%o goes on as %s', (headers, expected) => expect(nextHop(headers, 'me')).toBe(expected))

  test.each([
    [{ 'x-patchbay-hop': 'me' }, 'came back to the gateway'],
    [{ 'x-patchbay-hop': 'a, me' }, 'came back to the gateway'],
    [{ 'x-patchbay-hop': 'a, b, c' }, 'already passed 3 Patchbay gateways'],
  ])('%o is stopped', (headers, words) => {
    const attempt = () => nextHop(headers, 'me')
    expect(attempt).toThrow(GatewayError)
    expect(attempt).toThrow(words)
  })
})
