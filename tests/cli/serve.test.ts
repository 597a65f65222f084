import fs from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startChild } from '../helpers/child-process.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

const root = path.resolve(import.meta.dirname, '../..')
let home = ''
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-serve-'))
})
afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

async function serve(...flags: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const running = startChild('npm', ['run', '--silent', 'serve', '--', ...flags], {
    cwd: root,
    env: { HOME: home, PATCHBAY_HOME: path.join(home, 'patchbay'), npm_config_update_notifier: 'false' },
  })
  const code = await running.ended
  return { code, stdout: running.stdout(), stderr: running.stderr() }
}

describe('a start that cannot be', () => {
  test.each([
    ['an unknown flag', ['--bogus'], '--bogus'],
    ['a port that is none', ['--port', '70000'], '--port takes a number from 0 to 65535'],
    ['a config that is not there', ['--config', '/nowhere/config.yaml'], '/nowhere/config.yaml: there is no such file'],
  ])('%s: exit 2, in words', async (_name, flags, words) => {
    const { code, stdout, stderr } = await serve(...flags)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('a config with mistakes: exit 2, one line for each with its path', async () => {
    const file = path.join(home, 'wrong.yaml')
    fs.writeFileSync(file, 'virtualrouter: { foo: 1, routing: { default: [{ targets: [x.y] }] } }\n')
    const { code, stderr } = await serve('--config', file)
    expect(code).toBe(2)
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^virtualrouter\.foo: unknown key/),
      expect.stringMatching(/^virtualrouter\.routing\.default\[0\]\.targets\[0\]: unknown provider x/),
    ])
  })

  test('a port in use: exit 3, and what to change', async () => {
    const busy = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => busy.once('listening', resolve))
    const { code, stderr } = await serve('--port', String((busy.address() as AddressInfo).port))
    busy.close()
    expect(code).toBe(3)
    expect(stderr).toMatch(/is taken by another program\. Set gateway\.port in the config, or start with --port/)
  })
})

function configFor(provider: ScriptedProvider, clientAuth = 'key'): unknown {
  const backend = { type: 'openai', baseUrl: `${provider.url}/v1`, auth: { type: 'none' }, models: { m: {} } }
  return {
    gateway: { clientAuth: { mode: clientAuth } },
    virtualrouter: { providers: { backend }, routing: { default: [{ targets: ['backend.m'] }] } },
  }
}

test('a stop lets an open stream end, and does not wait for a connection that only stayed open', async () => {
  const says = modelThat(() => ({ text: 'one two three four five' }))
  await using provider = await startScriptedProvider((request) => ({ ...says(request), split: 200, gapMs: 100 }))
  const gateway = await startGateway({ config: configFor(provider) })
  const agent = new http.Agent({ keepAlive: true, timeout: 60_000 })
  const received = await new Promise<string>((resolve, reject) => {
    const request = http.request(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${gateway.clientKey}` },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.on('data', (piece: Buffer) => {
        if (text === '') void gateway.stop().catch(reject)
        text += String(piece)
      })
      response.on('end', () => resolve(text))
    })
    request.end(JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] }))
  })
  expect(received).toContain('[DONE]')
  const ended = Date.now()
  await gateway.stop()
  // else the ten seconds that open streams have would have to run out
  expect(Date.now() - ended).toBeLessThan(7000)
  agent.destroy()
})

test('whether a key is asked for is read from the config in force', async () => {
  await using provider = await startScriptedProvider(modelThat(() => ({ text: 'hi' })))
  await using gateway = await startGateway({ config: configFor(provider, 'none') })
  expect(gateway.clientKey).toBeNull()
  const ask = async () => (await fetch(`${gateway.url}/v1/models`)).status
  expect(await ask()).toBe(200)
  gateway.writeConfig(configFor(provider, 'key'))
  await expect.poll(ask, { timeout: 10_000 }).toBe(401)
  const key = fs.readFileSync(path.join(gateway.home, 'patchbay/state/client-key'), 'utf8').trim()
  const withKey = async () =>
    (await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status
  await expect.poll(withKey, { timeout: 10_000 }).toBe(200)
  gateway.writeConfig(configFor(provider, 'none'))
  await expect.poll(ask, { timeout: 10_000 }).toBe(200)
})
