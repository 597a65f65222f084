import http from 'node:http'
import https from 'node:https'
import { describe, expect, test } from 'vitest'
import { chatAnswer } from '../../helpers/answers.ts'
import { type Answer, type Script, startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { startControlled } from '../control/rig.ts'
import { closedPort, listen } from './local-servers.ts'
import { makeCertificates } from './make-certificates.ts'

const list = (...ids: string[]): Answer => ({ json: { object: 'list', data: ids.map((id) => ({ id })) } })

/** The steps of a provider with these settings, over its real road. */
async function stepsOf(settings: object, env: Record<string, string> = {}) {
  const demo = { profile: 'demo', models: { demo: {} } }
  const tested = { type: 'openai', auth: { type: 'apikey', secret: 'env:KEY' }, models: { m: {} }, ...settings }
  const it = await startControlled(
    { virtualrouter: { providers: { demo, tested }, routing: { default: [{ targets: ['demo.demo'] }] } } },
    { KEY: 'a-key', ...env },
  )
  return (await it.call('testProvider', { provider: 'tested' })).answer.steps
}

const brief = (steps: Awaited<ReturnType<typeof stepsOf>>) => steps.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'no'}`)
const upToConnection = ['address ok', 'proxy ok', 'connection ok']

describe('a provider that answers', () => {
  test.each<[what: string, script: Script, settings: object, last: string[], words: RegExp]>([
    ['all is well', list('m', 'n'), {}, ['key ok', 'model ok'], /2 models/],
    ['a key it refuses', { status: 401, json: { error: { message: 'no' } } }, {}, ['key no'], /refused its credential/],
    ['a model it does not list', list('a', 'b'), {}, ['key ok', 'model no'], /not list m\. Its models: a, b/],
    [
      'no list, but the model answers',
      ({ path }) => (path === '/v1/models' ? { status: 404, json: {} } : chatAnswer({ text: 'x' })),
      {},
      ['key ok', 'model ok'],
      /tested\.m answered in \d+ ms/,
    ],
    [
      'a web page for a list, but the model answers',
      ({ path }) => (path === '/v1/models' ? { text: '<html>' } : chatAnswer({ text: 'x' })),
      {},
      ['key ok', 'model ok'],
      /tested\.m answered in \d+ ms/,
    ],
    [
      'no list, and the key is refused',
      ({ path }) =>
        path === '/v1/models' ? { status: 404, json: {} } : { status: 401, json: { error: { message: 'no' } } },
      {},
      ['key no'],
      /credential/,
    ],
    [
      'no list, and no such model',
      { status: 404, json: { error: { message: 'model m not found', code: 'model_not_found' } } },
      {},
      ['key ok', 'model no'],
      /no model m/,
    ],
    ['no list wanted', chatAnswer({ text: 'x' }), { discovery: 'off' }, ['key ok', 'model ok'], /answered/],
    ['no list and no model', { status: 404, json: {} }, { models: {} }, ['model no'], /add one/],
  ])('%s', async (_what, script, settings, last, words) => {
    await using provider = await startScriptedProvider(script)
    const steps = await stepsOf({ baseUrl: `${provider.url}/v1`, ...settings })
    expect(brief(steps)).toEqual([...upToConnection, ...last])
    expect(steps.at(-1)!.words).toMatch(words)
  })
})

describe('a provider that cannot be reached', () => {
  test('nothing listens there', async () => {
    const steps = await stepsOf({ baseUrl: `http://127.0.0.1:${await closedPort()}/v1` })
    expect(brief(steps)).toEqual(['address ok', 'proxy ok', 'connection no'])
    expect(steps.at(-1)!.words).toContain('nothing listens there')
  })

  test('a web page answers for everything', async () => {
    await using pages = await startScriptedProvider({ text: '<html>' })
    const steps = await stepsOf({ baseUrl: `${pages.url}/v1` })
    expect(brief(steps)).toEqual(['address ok', 'proxy ok', 'connection no'])
    expect(steps.at(-1)!.words).toMatch(/web page instead of JSON.*baseUrl/)
  })

  test('its name is not known', async () => {
    expect(brief(await stepsOf({ baseUrl: 'http://nobody.invalid/v1' }))).toEqual(['address ok', 'proxy ok', 'dns no'])
  })

  test('a certificate nobody trusts, and the same with its CA', async () => {
    const { key, cert, caFile } = makeCertificates()
    const server = https.createServer({ key, cert }, (_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(list('m').json))
    })
    const { port } = await listen(server)
    const baseUrl = `https://127.0.0.1:${port}/v1`
    const steps = await stepsOf({ baseUrl })
    expect(brief(steps)).toEqual([...upToConnection, 'tls no'])
    expect(steps.at(-1)!.words).toContain('PATCHBAY_CA_FILE')
    const trusted = await stepsOf({ baseUrl }, { PATCHBAY_CA_FILE: caFile })
    expect(brief(trusted)).toEqual([...upToConnection, 'tls ok', 'key ok', 'model ok'])
  })

  test('a proxy that wants a password', async () => {
    const server = http.createServer()
    server.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
    const proxy = await listen(server)
    const steps = await stepsOf({ baseUrl: 'https://model.example/v1' }, { HTTPS_PROXY: proxy.url.origin })
    expect(brief(steps)).toEqual(['address ok', 'proxy no'])
  })

  test('a proxy variable that is no address', async () => {
    const steps = await stepsOf({ baseUrl: 'https://model.example/v1' }, { HTTPS_PROXY: 'ftp://x:secret-word@y' })
    expect(brief(steps)).toEqual(['address ok', 'proxy no'])
    expect(JSON.stringify(steps)).not.toContain('secret-word')
  })

  test('where every caller brings its own key there is nothing to send', async () => {
    await using provider = await startScriptedProvider(list('m'))
    const steps = await stepsOf({ baseUrl: `${provider.url}/v1`, auth: { type: 'client' } })
    expect(brief(steps)).toEqual(['address ok', 'key ok'])
    expect(provider.requests).toEqual([])
  })

  test('without a key nothing is sent', async () => {
    await using provider = await startScriptedProvider(list('m'))
    const steps = await stepsOf({
      baseUrl: `${provider.url}/v1`,
      auth: { type: 'apikey', secret: 'env:NOT_THERE' },
    })
    expect(brief(steps)).toEqual(['address ok', 'key no'])
    expect(steps.at(-1)!.words).toContain('NOT_THERE')
    expect(provider.requests).toEqual([])
  })
})
