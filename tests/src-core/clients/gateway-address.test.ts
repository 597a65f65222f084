import { describe, expect, test } from 'vitest'
import { clientGateway, refuseLoop } from '../../../src-core/clients/gateway-address.ts'

describe('the address a client writes down', () => {
  test.each([
    ['http://127.0.0.1:4141', 'http://127.0.0.1:4141'],
    ['http://127.0.0.1:4141/', 'http://127.0.0.1:4141'],
    ['http://0.0.0.0:4141', 'http://127.0.0.1:4141'],
    ['http://[::]:4141', 'http://[::1]:4141'],
    ['https://gate.example/k/KEY/', 'https://gate.example/k/KEY'],
  ])('%s', (written, url) => {
    expect(clientGateway({ url: written, clientKey: null }).url).toBe(url)
  })

  test.each([
    ['127.0.0.1:4141', 'Write http://127.0.0.1:4141'],
    ['localhost:4141', 'Write http://localhost:4141'],
    ['http://', 'is not a web address'],
    ['file:///etc', 'must begin with http'],
    ['http://u:p@127.0.0.1:4141', 'must not carry'],
    ['http://127.0.0.1:4141/?key=x', 'must not carry'],
    ['http://127.0.0.1:4141/v1', 'Leave out "/v1"'],
  ])('%s is refused', (written, words) => {
    expect(() => clientGateway({ url: written, clientKey: null })).toThrow(words)
  })

  test.each(['', 'a b', 'a\nb', 'schlüssel'])('the key %j is refused', (clientKey) => {
    expect(() => clientGateway({ url: 'http://127.0.0.1:4141', clientKey })).toThrow('plain characters')
  })
})

describe('a provider that leads back', () => {
  const own = 'http://127.0.0.1:4141'
  test.each(['http://127.0.0.1:4141/v1beta', 'http://localhost:4141/v1', 'http://[::1]:4141', 'http://0.0.0.0:4141/x'])(
    '%s is refused',
    (baseUrl) => {
      expect(() => refuseLoop(own, [{ id: 'mine', baseUrl }])).toThrow('providers.mine.baseUrl')
    },
  )

  test.each(['http://127.0.0.1:4000/v1', 'https://generativelanguage.googleapis.com/v1beta', 'not a url'])(
    '%s passes',
    (baseUrl) => {
      expect(() => refuseLoop(own, [{ id: 'mine', baseUrl }])).not.toThrow()
    },
  )
})
