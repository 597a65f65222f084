import http from 'node:http'
import { expect, test } from 'vitest'
import { startControlled } from './rig.ts'

/** A request to the gateway at an address the network has, as another device makes it. */
function from(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/v1/models`, { agent: false, headers }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    request.on('error', reject)
    request.end()
  })
}

const config = {
  virtualrouter: {
    providers: { demo: { profile: 'demo' } },
    routing: { default: [{ targets: ['demo.echo'] }] },
  },
}

/** 127.0.0.2 stands for the local network: only Linux has it without being asked. */
const start = (gateway: object = {}, addresses = ['127.0.0.2']) =>
  startControlled({ ...config, gateway }, {}, { localAddresses: () => addresses })

test.runIf(process.platform === 'linux')(
  'opened, other devices need the key; hidden, nobody answers them',
  async () => {
    const it = await start()
    expect((await it.call('getState')).answer.exposed).toBeUndefined()
    const { urls, until } = (await it.call('exposeToNetwork', { minutes: 5 })).answer
    expect(urls).toEqual([it.url.replace('127.0.0.1', '127.0.0.2')])
    expect((await it.call('getState')).answer.exposed).toEqual({ urls, until })
    const key = it.gateway.state().clientKey!
    expect(await from(urls[0]!, { 'x-api-key': key })).toBe(200)
    expect(await from(urls[0]!, {})).toBe(401)
    expect(await from(urls[0]!, { 'x-api-key': key, host: 'evil.test' })).toBe(403)
    await it.call('hideFromNetwork')
    await expect.poll(() => from(urls[0]!, { 'x-api-key': key }).catch(() => 'nobody')).toBe('nobody')
    expect((await it.call('getState')).answer.exposed).toBeUndefined()
    expect(await from(it.url, { 'x-api-key': key })).toBe(200)
  },
)

test.each([
  ['without a client key', { clientAuth: { mode: 'none' } }, ['127.0.0.2'], 'asks for no client key now'],
  ['without a network', {}, [], 'no address in a local network'],
])('%s it is refused in words', async (_case, gateway, addresses, words) => {
  const it = await start(gateway, addresses)
  const { status, error } = await it.call('exposeToNetwork', { minutes: 5 })
  expect([status, error.message]).toEqual([409, expect.stringContaining(words)])
})

test.each([0, 481, 1.5, 'long'])('%s minutes are refused', async (minutes) => {
  const it = await start()
  const { status, error } = await it.call('exposeToNetwork', { minutes })
  expect([status, error.path]).toEqual([400, 'minutes'])
})
