import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src-core/control/contract.ts'
import { startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { closedPort } from '../providers/local-servers.ts'
import { startControlled } from './rig.ts'

const demo = { profile: 'demo', models: { demo: {} } }
const routing = { default: [{ targets: ['demo.demo'] }] }

async function examine(providers: object, env: Record<string, string> = {}, rest: object = {}) {
  const it = await startControlled({ virtualrouter: { providers: { demo, ...providers }, routing, ...rest } }, env)
  const { findings } = (await it.call('examine')).answer
  return { it, findings, of: (about: string) => findings.find((one: Finding) => one.about === about) }
}

test('all is well', async () => {
  const { it, findings } = await examine({})
  expect(findings).toEqual([
    { about: 'config', ok: true, words: it.configFile },
    { about: 'port', ok: true, words: `Patchbay answers at ${it.url}.` },
    { about: 'keychain', ok: true, words: expect.stringMatching(/PATCHBAY_KEYCHAIN.*Nothing in the config needs it/) },
    { about: 'routing', ok: true, words: 'The group default is in force.' },
    { about: 'provider demo', ok: true, words: expect.stringContaining('built in'), steps: expect.anything() },
  ])
})

describe('what would stop a user is said', () => {
  const google = { profile: 'gemini-cli', models: { '*': {} } }
  test.each<[string, object, string, RegExp]>([
    [
      'a key that is not there',
      { up: { type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', auth: { type: 'apikey', secret: 'env:NOT_THERE' } } },
      'provider up',
      /NOT_THERE is not set/,
    ],
    [
      'no login for Code Assist',
      { google: { ...google, auth: { type: 'none' } } },
      'provider google',
      /entered by a login alone.*type: client.*profile: gemini/,
    ],
    [
      'a login without an OAuth client',
      { google: { ...google, auth: { type: 'oauth', account: 'work' } } },
      'provider google',
      /oauth\.clientId/,
    ],
    [
      'a service that has been closed',
      { iflow: { profile: 'iflow', auth: { type: 'apikey', secret: 'env:KEY' } } },
      'provider iflow',
      /17 April 2026/,
    ],
    [
      'a keychain that is needed and not there',
      { up: { type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', auth: { type: 'apikey', secret: 'keychain:up' } } },
      'keychain',
      /PATCHBAY_KEYCHAIN=off/,
    ],
  ])('%s', async (_what, providers, about, words) => {
    const { of } = await examine(providers, { KEY: 'k' })
    expect(of(about)).toMatchObject({ ok: false, words: expect.stringMatching(words) })
  })

  test('nothing listens where a provider should be; the steps show how far it went', async () => {
    const { of } = await examine({
      up: { type: 'openai', baseUrl: `http://127.0.0.1:${await closedPort()}/v1`, auth: { type: 'none' } },
    })
    const up = of('provider up')!
    expect(up).toMatchObject({ ok: false, words: expect.stringContaining('nothing listens there') })
    expect(up.steps!.map(({ name, ok }) => `${name} ${ok}`)).toEqual(['address true', 'proxy true', 'connection false'])
  })

  test('engines are looked at and not asked: what they lack is told', async () => {
    const engines = [
      { id: 'paid', service: 'brave', secret: 'env:NOT_THERE' },
      { id: 'own', service: 'searxng', baseUrl: 'http://127.0.0.1:9' },
      { id: 'talker', providerKey: 'demo.demo' },
    ]
    const { findings } = await examine({}, {}, { webSearch: { engines } })
    expect(findings.filter(({ about }: Finding) => about.startsWith('engine'))).toEqual([
      { about: 'engine paid', ok: false, words: expect.stringContaining('NOT_THERE is not set') },
      { about: 'engine own', ok: true, words: 'It searches at searxng when it is asked.' },
      { about: 'engine talker', ok: false, words: expect.stringMatching(/^It cannot search: .*\.$/) },
    ])
  })

  test('one that is switched off is not asked', async () => {
    await using service = await startScriptedProvider({ json: {} })
    const off = { type: 'openai', baseUrl: `${service.url}/v1`, auth: { type: 'none' }, enabled: false }
    const { of } = await examine({ off })
    expect(of('provider off')).toEqual({ about: 'provider off', ok: true, words: 'It is switched off.' })
    expect(service.requests).toEqual([])
  })
})

test('what a config gets wrong about Code Assist is told at once, and the gateway works all the same', async () => {
  const google = { profile: 'gemini-cli', auth: { type: 'none' }, models: { '*': {} } }
  const { it } = await examine({ google })
  expect((await it.call('getState')).answer.problems).toEqual([
    {
      path: 'virtualrouter.providers.google.auth',
      message: 'Code Assist is entered by a login alone',
      hint: expect.anything(),
      advice: true,
    },
  ])
  expect((await it.chat({ model: 'demo' })).status).toBe(200)
  const refused = await it.chat({ model: 'google.gemini-3-flash' })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('by a login alone')
})
