import { describe, expect, test } from 'vitest'
import { chatAnswer } from '../../helpers/answers.ts'
import { startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { startControlled } from './rig.ts'

/** A provider that takes one key and no other, and a gateway that is to find it under keychain:main. */
async function rig(env: Record<string, string> = {}) {
  const provider = await startScriptedProvider(({ headers }) =>
    headers.authorization === 'Bearer right-key'
      ? chatAnswer({ text: 'hi' })
      : { status: 401, json: { error: { message: 'Incorrect API key provided' } } },
  )
  const up = { type: 'openai', baseUrl: `${provider.url}/v1`, discovery: 'off', models: { m: {} } }
  const auth = [
    { alias: 'work', type: 'apikey', secret: 'keychain:main' },
    { alias: 'home', type: 'apikey', secret: 'keychain:main' },
  ]
  const virtualrouter = { providers: { up: { ...up, auth } }, routing: { default: [{ targets: ['up.m'] }] } }
  const running = await startControlled({ version: 1, virtualrouter }, env)
  return { ...running, provider, [Symbol.asyncDispose]: () => provider.close() }
}

// in these tests there is no keychain: what is set counts until the end (with one: tests/e2e/secrets.test.ts)

test('a missing secret is no config error: the provider shows it, and its requests say it', async () => {
  await using it = await rig()
  expect((await it.call('getState')).answer.problems).toEqual([])
  const { status, text } = await it.chat()
  expect(status).toBe(403)
  expect(text).toMatch(/Provider up has no credential named “\w+”: keychain:main cannot be read, because/)
  const because = expect.stringContaining('keychain:main cannot be read')
  const { noCredential } = (await it.call('getState')).answer.providers[0]!
  expect(noCredential).toEqual([
    { alias: 'work', because },
    { alias: 'home', because },
  ])
})

test('a value counts from the next request, also after the provider refused another', async () => {
  await using it = await rig()
  const { answer } = await it.call('setSecret', { name: 'main', value: 'wrong-key' })
  expect(answer).toMatchObject({ name: 'main', kept: 'this run', usedBy: ['up[work]', 'up[home]'] })
  expect(answer.words).toMatch(/^main counts until Patchbay ends, because .*\. .*env:NAME or file:PATH/)
  expect((await it.chat()).text).toContain('refused')
  const tripped = () =>
    it.call('getHealth').then(({ answer: { credentials } }) => credentials.map(({ state }) => state))
  expect(await tripped()).toEqual(['tripped', 'tripped'])

  await it.call('setSecret', { name: 'main', value: 'right-key\n' })
  expect(await tripped()).toEqual(['healthy', 'healthy'])
  expect((await it.chat()).status).toBe(200)
  expect((await it.call('getState')).answer.providers[0]!.noCredential).toEqual([])
})

test('names are listed with who uses them, and deleting says what stops working', async () => {
  await using it = await rig()
  await it.call('setSecret', { name: 'main', value: 'right-key' })
  await it.call('setSecret', { name: 'spare', value: 'other-key' })
  expect((await it.call('listSecrets')).answer).toEqual({
    names: [
      { name: 'main', usedBy: ['up[work]', 'up[home]'] },
      { name: 'spare', usedBy: [] },
    ],
  })
  expect((await it.chat()).status).toBe(200)
  expect((await it.call('deleteSecret', { name: 'spare' })).answer.words).toBe('Nothing used it.')
  const { answer } = await it.call('deleteSecret', { name: 'main' })
  expect(answer).toEqual({
    name: 'main',
    usedBy: ['up[work]', 'up[home]'],
    words: 'Without a credential now: up[work], up[home].',
  })
  expect((await it.chat()).status).toBe(403)
})

describe('refused', () => {
  test.each([
    ['setSecret', {}, 400, 'name'],
    ['setSecret', { name: 'two words', value: 'x' }, 400, 'name'],
    ['setSecret', { name: 'main', value: '' }, 400, 'value'],
    ['setSecret', { name: 'main', value: 'two\nlines of hush' }, 400, 'value'],
    ['setSecret', { name: 'main', value: 'hush', extra: 1 }, 400, 'extra'],
    ['deleteSecret', { name: '' }, 400, 'name'],
  ] as const)('%s %j', async (call, input, status, field) => {
    await using it = await rig()
    const reply = await it.call(call, input)
    expect([reply.status, reply.error.path]).toEqual([status, field])
    expect(reply.text).not.toContain('hush')
  })

  test('deleting where no keychain can be asked changes nothing and says why', async () => {
    await using it = await rig()
    const { status, error } = await it.call('deleteSecret', { name: 'main' })
    expect([status, error.message]).toEqual([409, expect.stringMatching(/^Nothing was deleted: PATCHBAY_KEYCHAIN=off/)])
  })
})
