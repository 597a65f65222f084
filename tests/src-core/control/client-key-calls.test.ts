import { expect, test } from 'vitest'
import { chatAnswer } from '../../helpers/answers.ts'
import { startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { startControlled } from './rig.ts'

async function rig() {
  const provider = await startScriptedProvider(chatAnswer({ text: 'hi' }))
  const up = {
    type: 'openai',
    baseUrl: `${provider.url}/v1`,
    discovery: 'off',
    auth: { type: 'none' },
    models: { m: {} },
  }
  const it = await startControlled({
    virtualrouter: { providers: { up }, routing: { default: [{ targets: ['up.m'] }] } },
  })
  const ask = (key: string) =>
    fetch(`${it.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'x' }] }),
    })
  return { ...it, provider, askWith: ask, [Symbol.asyncDispose]: () => provider.close() }
}

test('a key is made, let in, named in the record, kept from the provider and revoked', async () => {
  await using it = await rig()
  const { name, key } = (await it.call('createClientKey', { name: '  my laptop ' })).answer
  expect(name).toBe('my laptop')
  expect((await it.askWith(key)).status).toBe(200)
  expect((await it.chat()).status).toBe(200)
  expect(it.provider.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])

  const { exchanges } = (await it.call('listExchanges')).answer
  expect(exchanges.map((one) => one.clientKey)).toEqual(['default', 'my laptop'])
  const { keys } = (await it.call('listClientKeys')).answer
  expect(keys.map((one) => one.name)).toEqual(['default', 'my laptop'])
  expect(keys[1]!.lastUsedAt).toBeGreaterThanOrEqual(keys[1]!.createdAt!)

  expect((await it.call('revokeClientKey', { name })).answer).toEqual({ name })
  expect((await it.askWith(key)).status).toBe(401)
  expect((await it.chat()).status).toBe(200)
})

test('bad names and keys that are not there are refused in words', async () => {
  await using it = await rig()
  await it.call('createClientKey', { name: 'laptop' })
  for (const name of ['', ' ', 'two\nlines', '__proto__', 'x'.repeat(61), 'laptop', 'default']) {
    const { status, error } = await it.call('createClientKey', { name })
    expect([name, status, error.path]).toEqual([name, 400, 'name'])
  }
  const first = await it.call('revokeClientKey', { name: 'default' })
  expect([first.status, first.error.message]).toEqual([409, expect.stringContaining('stays')])
  expect((await it.call('revokeClientKey', { name: 'nobody' })).status).toBe(404)
})
