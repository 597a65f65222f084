import { describe, expect, test } from 'vitest'
import { proxyFor } from '../../../src-core/providers/proxy.ts'

const proxy = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.href

describe('which proxy', () => {
  test.each([
    ['https://api.example/v1', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https://api.example/v1', { https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' }, 'http://lower:1/'],
    ['https://api.example/v1', { HTTP_PROXY: 'http://p:1' }, undefined],
    ['http://api.example/v1', { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://q:1' }, 'http://p:1/'],
    ['http://api.example/v1', { ALL_PROXY: 'socks5://p:1' }, 'socks5://p:1'],
    ['https://api.example/v1', { all_proxy: 'p:3128' }, 'http://p:3128/'],
    ['https://api.example/v1', { HTTPS_PROXY: '', ALL_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https://api.example/v1', {}, undefined],
  ])('%s with %o: %s', (url, env, expected) => expect(proxy(url, env)).toBe(expected))

  test.each([
    'http://localhost:4000',
    'http://127.0.0.1:4000',
    'http://127.9.9.9',
    'http://[::1]:4000',
    'http://[::ffff:127.0.0.1]:4000',
    'http://litellm.localhost',
    'http://localhost.:4000',
    'http://0.0.0.0:4000',
  ])('%s is never sent through one', (url) => expect(proxy(url, { ALL_PROXY: 'http://p:1' })).toBeUndefined())

  test.each(['ftp://p:1', 'http://', 'http://user:hunter2@:1', 'http://['])(
    '%s is refused without repeating it',
    (value) => {
      const attempt = () => proxy('https://api.example', { HTTPS_PROXY: value })
      expect(attempt).toThrow('The environment variable HTTPS_PROXY is not a proxy address; expected http://HOST:PORT.')
    },
  )
})

describe('NO_PROXY', () => {
  test.each([
    ['api.example', 'api.example', true],
    ['api.example', 'example', true],
    ['api.example', '.example', true],
    ['example.com', '.example.com', true],
    ['api.example.com', '*.example.com', true],
    ['example.com', '*.example.com', false],
    ['notexample.com', 'example.com', false],
    ['api.example', 'other, api.example', true],
    ['api.example', 'other api.example', true],
    ['API.Example', 'api.EXAMPLE', true],
    ['api.example', 'api.example:443', true],
    ['api.example', 'api.example:8443', false],
    ['api.example:8443', 'api.example:8443', true],
    ['api.example', '*', true],
    ['api.example', '*:80', false],
    ['10.0.0.7', '10.0.0.7', true],
    ['[fd00::1]', '[fd00::1]:443', true],
    ['[fd00::1]', 'fd00::1', true],
    ['api.example', '', false],
    ['api.example', ',, ,', false],
  ])('%s against "%s": exempt %s', (host, list, exempt) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      expect(proxy(`https://${host}/v1`, { HTTPS_PROXY: 'http://p:1', [name]: list })).toBe(
        exempt ? undefined : 'http://p:1/',
      )
    }
  })
})
