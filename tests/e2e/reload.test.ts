import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { expect, test } from 'vitest'
import { keyHeaders, send } from '../helpers/cases/send.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

const text = 'one two three four five six seven eight nine ten eleven twelve'
const from = (name: string) => modelThat(() => ({ text: `${name} says ${text}` }))

function configFor(provider: ScriptedProvider, more: Record<string, unknown> = {}): unknown {
  const backend = {
    type: 'openai',
    baseUrl: `${provider.url}/v1`,
    auth: { type: 'none' },
    models: { m: {} },
    discovery: 'off',
  }
  const virtualrouter = { providers: { backend }, routing: { default: [{ targets: ['backend.m'] }] }, ...more }
  return { version: 1, virtualrouter }
}

/** A streamed request that is read as it comes. */
function openStream(url: string, headers: Record<string, string>) {
  let received = ''
  const ended = new Promise<string>((resolve, reject) => {
    const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'x' }] }] })
    const request = http.request(`${url}/v1beta/models/any:streamGenerateContent?alt=sse`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', ...headers },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        received += piece
      })
      response.on('end', () => resolve(received))
      response.on('error', reject)
    })
    request.end(body)
  })
  return { received: () => received, ended }
}

const textOf = (sse: string): string => [...sse.matchAll(/"text":"([^"]*)"/g)].map(([, piece]) => piece).join('')

test('switching the config neither breaks an open stream nor delays the next request', async () => {
  const slowly = from('old')
  await using old = await startScriptedProvider((request) => {
    const streamed = (request.json as { stream?: boolean }).stream === true
    return { ...slowly(request), ...(streamed ? { split: 60, gapMs: 150 } : {}) }
  })
  await using next = await startScriptedProvider(from('new'))
  await using gateway = await startGateway({ config: configFor(old) })
  const headers = keyHeaders('gemini', gateway.clientKey!)
  const ask = async (): Promise<string> => {
    const body = { contents: [{ role: 'user', parts: [{ text: 'x' }] }] }
    const reply = await send({ url: gateway.url, path: '/v1beta/models/any:generateContent', headers, body })
    expect(reply.status).toBe(200)
    return textOf(reply.raw)
  }

  const open = openStream(gateway.url, headers)
  await expect.poll(open.received, { timeout: 10_000 }).toContain('says')
  gateway.writeConfig(configFor(next))
  await expect.poll(ask, { timeout: 10_000, interval: 50 }).toContain('new says')
  // the stream that was open all the while is still the old one's, and whole
  expect(open.received()).not.toContain('twelve')
  const whole = await open.ended
  expect(textOf(whole)).toBe(`old says ${text}`)
  expect(whole).toContain('"finishReason":"STOP"')
})

test('a file that is wrong leaves the last good one in force and says why', async () => {
  await using provider = await startScriptedProvider(from('good'))
  await using gateway = await startGateway({ config: configFor(provider) })
  const headers = keyHeaders('openai-chat', gateway.clientKey!)
  const body = { model: 'any', messages: [{ role: 'user', content: 'x' }] }
  gateway.writeConfig(configFor(provider, { routing: { default: [{ targets: ['nobody.m'] }] } }))
  await expect.poll(gateway.stderr, { timeout: 10_000 }).toContain('virtualrouter.routing.default[0].targets[0]')
  const reply = await send({ url: gateway.url, path: '/v1/chat/completions', headers, body })
  expect(reply.status).toBe(200)
  expect(reply.raw).toContain('good says')
})

test('whether a key is asked for is read from the config in force', async () => {
  await using provider = await startScriptedProvider(from('any'))
  const asking = (mode: string) => ({ ...(configFor(provider) as object), gateway: { clientAuth: { mode } } })
  await using gateway = await startGateway({ config: asking('none') })
  expect(gateway.clientKey).toBeNull()
  const list = async (headers: Record<string, string> = {}) =>
    (await fetch(`${gateway.url}/v1/models`, { headers })).status
  expect(await list()).toBe(200)

  gateway.writeConfig(asking('key'))
  await expect.poll(() => list(), { timeout: 10_000 }).toBe(401)
  const file = path.join(gateway.home, 'patchbay', 'state', 'client-key')
  await expect.poll(() => fs.existsSync(file), { timeout: 10_000 }).toBe(true)
  const withKey = () => list(keyHeaders('openai-chat', fs.readFileSync(file, 'utf8').trim()))
  await expect.poll(withKey, { timeout: 10_000 }).toBe(200)

  gateway.writeConfig(asking('none'))
  await expect.poll(() => list(), { timeout: 10_000 }).toBe(200)
})
