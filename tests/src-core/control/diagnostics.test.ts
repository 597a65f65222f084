import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { startControlled } from './rig.ts'

const canary = 'canary-5c0ffee5'

/** Secrets wherever a user may have put one: in use, in the file's comments, headers, contents and failures. */
const config = (url: string) => `# the old key was sk-${canary}-comment
virtualrouter:
  providers:
    up:
      type: openai
      baseUrl: ${url}/v1
      discovery: "off"
      headers: { X-Tenant: ${canary}-header }
      auth: { type: apikey, secret: "env:UP_KEY" }
      models: { m: {} }
  routing: { default: [{ targets: [up.m] }] }
`

async function rig() {
  const provider = await startScriptedProvider({
    status: 401,
    json: { error: { message: `Incorrect API key provided: ${canary}-key` } },
  })
  const it = await startControlled(config(provider.url), { UP_KEY: `${canary}-key` })
  return { ...it, provider, [Symbol.asyncDispose]: () => provider.close() }
}

test('one text for a bug report: versions, config, health, log and exchanges, and no canary', async () => {
  await using it = await rig()
  const { key } = (await it.call('createClientKey', { name: 'laptop' })).answer
  await it.chat({ messages: [{ role: 'user', content: `${canary}-content` }] })
  it.gateway.log.error('a line', { header: `Bearer ${canary}-key`, key: `${canary}-key` })
  const { text } = (await it.call('getDiagnostics', { window: 'A browser' })).answer
  for (const secret of [canary, it.gateway.state().clientKey!, key, it.token]) expect(text).not.toContain(secret)
  const told = JSON.parse(text)
  expect(told).toMatchObject({
    patchbay: { version: expect.any(String), url: it.url },
    machine: { platform: process.platform, versions: { node: process.versions.node } },
    window: 'A browser',
    health: { credentials: [{ credential: 'up[default]', failure: { kind: 'bad-credentials' } }] },
    exchanges: [{ clientKey: 'default', target: 'up.m', error: { kind: 'bad-credentials' } }],
  })
  expect(told.log.at(-1)).toContain('a line')
  expect(told.configText.join('\n')).toContain('secret: "env:UP_KEY"')
})

test('a config that is no YAML hides nothing it cannot find: its text is left out', async () => {
  await using it = await rig()
  fs.writeFileSync(path.join(it.home, 'config.yaml'), `key: "${canary}-torn\n`)
  await expect
    .poll(async () => (await it.call('getState')).answer.problems.length, { timeout: 5000 })
    .toBeGreaterThan(0)
  const { text } = (await it.call('getDiagnostics')).answer
  expect(text).not.toContain(canary)
  expect(JSON.parse(text).configText).toBe('not valid YAML')
  const { status, error } = await it.call('exportConfig')
  expect([status, error.message]).toEqual([409, expect.stringContaining('mend it first')])
})

test('the config is exported without its secrets', async () => {
  await using it = await rig()
  const { text, hidden } = (await it.call('exportConfig')).answer
  expect(text).not.toContain(canary)
  expect(text).toContain('secret: "env:UP_KEY"')
  expect(hidden).toBe(1)
  expect((await it.call('validateConfig', { text })).answer.problems).toEqual([])
})
