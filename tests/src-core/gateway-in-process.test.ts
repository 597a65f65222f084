import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createGateway } from '../../src-core/gateway.ts'

/** A gateway steered from its own process, with the demo provider behind it. */
async function start() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-in-process-'))
  const gateway = await createGateway({
    env: { HOME: home, PATCHBAY_HOME: home, PATCHBAY_KEYCHAIN: 'off', PATCHBAY_LOG: 'error' },
    port: 0,
    controlInProcess: true,
  })
  onTestFinished(async () => {
    await gateway.close(1000)
    fs.rmSync(home, { recursive: true, force: true })
  })
  await gateway.listen()
  const { url, clientKey } = gateway.state()
  const control = gateway.control!
  const headers = { 'x-patchbay-key': clientKey! }
  return {
    gateway,
    control,
    clientKey,
    call: async (name: string, input: unknown = {}) => control.call(name, input, new AbortController().signal),
    get: (at: string) => fetch(url + at, { headers }),
    post: (at: string, body: object) => fetch(url + at, { method: 'POST', headers, body: JSON.stringify(body) }),
  }
}

describe('control without a port', () => {
  test('answers and refusals are what the control port would send', async () => {
    const { gateway, call, clientKey } = await start()
    expect(gateway.state().controlUrl).toBeNull()
    const state = await call('getState')
    expect('answer' in state && JSON.parse(state.answer)).toMatchObject({ activeGroup: 'default', paused: false })
    const cases = [
      ['setActiveGroup', { group: 'x' }, { path: 'group' }],
      ['setPaused', { paused: 'yes' }, { path: 'paused' }],
      ['setPaused', { paused: true, until: 1 }, { path: 'until' }],
      ['no-such-call', {}, { message: expect.stringContaining('no call no-such-call') }],
      ['toString', {}, { message: expect.stringContaining('no call toString') }],
    ] as const
    for (const [name, input, error] of cases) {
      const told = await call(name, input)
      expect('refusal' in told && JSON.parse(told.refusal)).toMatchObject({ error })
    }
    expect(JSON.stringify(await call('setActiveGroup', { group: clientKey }))).not.toContain(clientKey)
  })

  test('pushes come as JSON while somebody listens', async () => {
    const { control, call } = await start()
    const heard: [string, string][] = []
    const leave = control.subscribe((name, json) => heard.push([name, json]))
    await call('setPaused', { paused: true })
    await expect.poll(() => heard.length).toBeGreaterThan(0)
    expect(heard[0]![0]).toBe('state')
    expect(JSON.parse(heard[0]![1])).toMatchObject({ paused: true })
    leave()
  })
})

describe('a pause', () => {
  const words = 'Patchbay is paused. Choose Resume in its tray menu or its window, then try again.'
  const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
  const messages = [{ role: 'user', content: 'hi' }]
  const requests = [
    ['/v1/chat/completions', { model: 'demo', messages }, { type: 'server_error', code: 'gateway_paused' }],
    ['/v1beta/models/demo:generateContent', { contents }, { code: 503, status: 'UNAVAILABLE' }],
    ['/v1beta/models/demo:countTokens', { contents }, { code: 503, status: 'UNAVAILABLE' }],
  ] as const

  test.each(requests)('%s: 503 in its own dialect, and 200 after it', async (at, body, error) => {
    const { call, post, get } = await start()
    await call('setPaused', { paused: true })
    const refused = await post(at, body)
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ error: { ...error, message: words } })
    expect([(await get('/readyz')).status, (await get('/healthz')).status]).toEqual([503, 200])
    expect((await get('/v1/models')).status).toBe(200)
    await call('setPaused', { paused: false })
    expect((await post(at, body)).status).toBe(200)
  })
})
