import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createGateway } from '../../src-core/gateway.ts'
import {
  type Answer,
  openaiProvider,
  type ScriptedProvider,
  startScriptedProvider,
} from '../helpers/scripted-provider.ts'

const resetAt = new Date(Date.now() + 5 * 3_600_000).toISOString()
const refusal: Answer = { status: 402, json: { error: { message: 'Daily limit reached', resetAt } } }
const answer: Answer = { json: { choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }] } }

function place(main: ScriptedProvider, spare: ScriptedProvider) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-restart-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
  const configWith = (more: object) => ({
    gateway: { clientAuth: { mode: 'none' } },
    virtualrouter: {
      providers: { main: { ...openaiProvider(main), ...more }, spare: openaiProvider(spare) },
      routing: { default: [{ targets: ['main.m', 'spare.m'] }] },
    },
  })
  const file = path.join(home, 'config.yaml')
  fs.writeFileSync(file, JSON.stringify(configWith({})))
  return async function start() {
    const gateway = await createGateway({
      env: { PATCHBAY_HOME: home, PATCHBAY_KEYCHAIN: 'off', PATCHBAY_LOG: 'error' },
      port: 0,
    })
    await gateway.listen()
    const { url } = gateway.state()
    return {
      /** The target that answered. */
      async ask(): Promise<string | null> {
        const response = await fetch(`${url}/v1/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'x' }] }),
        })
        await response.arrayBuffer()
        return response.headers.get('x-patchbay-target')
      },
      /** What the exchange log has seen. */
      requests: async () =>
        /^patchbay_requests_total\{.*\} (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1],
      stop: () => gateway.close(1000),
      /** As an editor would: `main` now has another name to show. */
      renameMain: () => fs.writeFileSync(file, JSON.stringify(configWith({ name: 'Renamed' }))),
    }
  }
}

describe('health over a restart', () => {
  test('A8: 402 until its reset: confirmed by a probe before it blocks', async () => {
    await using main = await startScriptedProvider(() => refusal)
    await using spare = await startScriptedProvider(() => answer)
    const start = place(main, spare)
    const before = await start()
    expect([await before.ask(), await before.ask()]).toEqual(['spare.m', 'spare.m'])
    expect(main.requests).toHaveLength(1)
    await before.stop()

    const after = await start()
    await vi.waitFor(() => expect(main.requests).toHaveLength(2))
    expect(main.requests[1]!.json).toMatchObject({ model: 'm', max_tokens: 1 })
    await vi.waitFor(async () => {
      const asked = main.requests.length
      expect(await after.ask()).toBe('spare.m')
      expect(main.requests).toHaveLength(asked)
    })
    await after.stop()
  })

  test('paid in the meantime, it is free at once', async () => {
    let paid = false
    await using main = await startScriptedProvider(() => (paid ? answer : refusal))
    await using spare = await startScriptedProvider(() => answer)
    const start = place(main, spare)
    const before = await start()
    expect(await before.ask()).toBe('spare.m')
    await before.stop()

    paid = true
    const after = await start()
    await vi.waitFor(() => expect(main.requests).toHaveLength(2))
    expect(await after.ask()).toBe('main.m')
    expect(await after.requests()).toBe('1')
    await after.stop()
  })
})

test('a provider whose config was changed gets another chance at once', async () => {
  let paid = false
  await using main = await startScriptedProvider(() => (paid ? answer : refusal))
  await using spare = await startScriptedProvider(() => answer)
  const gateway = await place(main, spare)()
  expect(await gateway.ask()).toBe('spare.m')
  paid = true
  expect(await gateway.ask()).toBe('spare.m')
  gateway.renameMain()
  await vi.waitFor(async () => expect(await gateway.ask()).toBe('main.m'), 5000)
  await gateway.stop()
})
