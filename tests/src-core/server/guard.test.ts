import { describe, expect, test } from 'vitest'
import { createGuard } from '../../../src-core/server/guard.ts'

const key = 'pb-right'
const guard = createGuard({
  host: '127.0.0.1',
  allowedOrigins: () => ['https://mine.test'],
  asksForKey: () => true,
  clientKeyName: (given) => (given === key ? 'default' : undefined),
})

describe('Host', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:4141',
    '127.1.2.3:9',
    'localhost:4141',
    'LOCALHOST',
    'localhost.:4141',
    '[::1]:4141',
  ])('%s is ours', (host) => {
    expect(() => guard.checkAddress({ host })).not.toThrow()
  })
  test.each([
    'evil.test',
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    'evil.test:4141',
    '10.0.0.1',
    '',
    'user@127.0.0.1',
    '127.0.0.1:4141, evil.test',
    undefined,
  ])('%s is foreign', (host) => {
    expect(() => guard.checkAddress({ host })).toThrow(/addressed to this computer/)
  })
  test('a bound address counts', () => {
    const lan = createGuard({
      host: '192.168.1.7',
      allowedOrigins: () => [],
      asksForKey: () => false,
      clientKeyName: () => undefined,
    })
    expect(() => lan.checkAddress({ host: '192.168.1.7:4141' })).not.toThrow()
  })
})

test.each([
  [undefined, true],
  ['https://mine.test', true],
  ['https://other.test', false],
  ['null', false],
  ['http://127.0.0.1:4141', false],
])('Origin %s', (origin, allowed) => {
  const check = () => guard.checkAddress({ host: 'localhost', origin })
  if (allowed) expect(check).not.toThrow()
  else expect(check).toThrow(/web pages/)
})

describe('client key', () => {
  test.each([
    ['x-goog-api-key', '/p', { 'x-goog-api-key': key }, '/p', []],
    ['x-api-key', '/p', { 'x-api-key': key }, '/p', []],
    ['api-key', '/p', { 'api-key': key }, '/p', []],
    ['Bearer', '/p', { authorization: `Bearer ${key}` }, '/p', []],
    ['both forms of one key', '/p', { authorization: `bearer ${key}`, 'x-goog-api-key': key }, '/p', []],
    ['query', `/p?alt=sse&key=${key}`, {}, '/p?alt=sse', []],
    ['query alone', `/p?key=${key}`, {}, '/p', []],
    [
      'own header leaves the rest',
      '/p',
      { 'x-patchbay-key': key, 'x-goog-api-key': 'theirs' },
      '/p',
      ['x-goog-api-key'],
    ],
    ['the key twice', '/p', { 'x-patchbay-key': key, 'x-goog-api-key': key }, '/p', []],
    [
      'prefix and header',
      `/k/${key}/p?key=${key}`,
      { authorization: `Bearer ${key}`, 'x-api-key': 'theirs' },
      '/p',
      ['x-api-key'],
    ],
    ['path prefix leaves the rest', `/k/${key}/p?x=1`, { authorization: 'Bearer theirs' }, '/p?x=1', ['authorization']],
    ['ours beside theirs', '/p', { 'x-goog-api-key': key, authorization: 'Bearer theirs' }, '/p', ['authorization']],
  ])('%s', (_name, url, headers, path, left) => {
    const admitted = guard.takeKey(url, { ...headers, cookie: 'a=b' })
    expect(admitted.path).toBe(path)
    expect(admitted.clientKey).toBe('default')
    expect(Object.keys(admitted.headers)).toEqual(left)
  })

  test.each([
    ['wrong key', '/p', { 'x-goog-api-key': 'wrong' }, /not the client key/],
    ['wrong query key', '/p?key=wrong', {}, /not the client key/],
    ['wrong prefix', '/k/wrong/p', { 'x-goog-api-key': key }, /not the client key/],
    ['wrong own header', '/p', { 'x-patchbay-key': 'wrong', 'x-goog-api-key': key }, /not the client key/],
    ['empty key', '/p', { 'x-goog-api-key': '' }, /needs its client key/],
    ['no key', '/p', {}, /needs its client key/],
    ['basic auth', '/p', { authorization: `Basic ${key}` }, /not the client key/],
  ])('%s is refused', (_name, url, headers, words) => {
    expect(() => guard.takeKey(url, headers)).toThrow(words)
  })

  test('without a key mode the caller keeps all it sent, but for the client key', () => {
    const open = createGuard({
      host: '127.0.0.1',
      allowedOrigins: () => [],
      asksForKey: () => false,
      clientKeyName: (given) => (given === key ? 'default' : undefined),
    })
    expect(open.takeKey('/p?key=theirs', { 'x-goog-api-key': 'theirs', 'api-key': key })).toEqual({
      clientKey: 'default',
      path: '/p?key=theirs',
      headers: { 'x-goog-api-key': 'theirs' },
    })
    expect(open.takeKey('/k/whatever/p', {})).toEqual({ path: '/p', headers: {} })
  })
})

describe('pages', () => {
  test('a page of an allowed origin may read the answer; nobody else hears of it', () => {
    const origin = 'https://mine.test'
    expect(guard.pageHeaders({ origin })).toMatchObject({ 'access-control-allow-origin': origin, vary: 'origin' })
    expect(guard.pageHeaders({})).toBeUndefined()
    expect(guard.pageHeaders({ origin: 'https://other.test' })).toBeUndefined()
  })

  test('what a browser asks first is answered with what it asked for', () => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
    expect(guard.pageHeaders({ origin: 'https://mine.test', ...asked })).toMatchObject({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization',
    })
  })
})
