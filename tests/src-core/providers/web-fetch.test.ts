import { expect, onTestFinished, test } from 'vitest'
import { createTransport } from '../../../src-core/providers/transport.ts'
import { createWebFetch } from '../../../src-core/providers/web-fetch.ts'
import { startScriptedProvider } from '../../helpers/scripted-provider.ts'

function webFetch(env: Record<string, string> = {}) {
  const transport = createTransport({ env })
  onTestFinished(() => transport.close())
  return createWebFetch(transport, 'Patchbay/test')
}

const post = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'what is asked' }

test('asks as it was told, and tells the answer without its cookies', async () => {
  await using service = await startScriptedProvider({
    status: 429,
    headers: { 'retry-after': '3', 'set-cookie': 'session=canary' },
    text: 'later',
  })
  const response = await webFetch()(`${service.url}/token?x=1`, post)
  expect([response.status, await response.text(), response.headers.get('retry-after')]).toEqual([429, 'later', '3'])
  expect(response.headers.get('set-cookie')).toBeNull()
  const [{ method, path, body, headers }] = service.requests as [(typeof service.requests)[0]]
  expect({ method, path, body }).toEqual({ method: 'POST', path: '/token?x=1', body: 'what is asked' })
  expect(headers).toMatchObject({ 'content-type': 'text/plain', 'user-agent': 'Patchbay/test' })
})

test('a redirect is an answer, and is not followed', async () => {
  await using service = await startScriptedProvider({
    status: 302,
    headers: { location: 'http://127.0.0.1:9/' },
    text: '',
  })
  expect((await webFetch()(service.url, post)).status).toBe(302)
  expect(service.requests).toHaveLength(1)
})

test('goes through the proxy like any other request', async () => {
  await using proxy = await startScriptedProvider({ json: { by: 'proxy' } })
  const response = await webFetch({ HTTP_PROXY: proxy.url })('http://login.example/token', post)
  expect([await response.json(), proxy.requests[0]!.headers.host]).toEqual([{ by: 'proxy' }, 'login.example'])
})

test.each<[string, string, string]>([
  ['nobody there', 'provider-unreachable', ''],
  ['far too long', 'provider-error', 'x'.repeat(1024 * 1024 + 1)],
])('%s: said in words', async (_name, kind, text) => {
  await using service = await startScriptedProvider({ text })
  const url = text === '' ? 'http://127.0.0.1:9/' : service.url
  await expect(webFetch()(url, post)).rejects.toMatchObject({ name: 'GatewayError', kind })
})
