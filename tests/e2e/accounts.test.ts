import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { chatAnswer } from '../helpers/answers.ts'
import { callControl } from '../helpers/call-control.ts'
import { filesIn } from '../helpers/files-in.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { noKeyringSession, startKeyringSession } from '../helpers/keyring-session.ts'
import { signInAt, startOAuthServer } from '../helpers/oauth-server.ts'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'

if (noKeyringSession) console.log(`Tests of accounts in a keychain skipped: ${noKeyringSession}`)

/** Two gateways of one home and one keychain, before a model that takes only what the login server honours. */
async function rig() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-shared-'))
  const session = await startKeyringSession('unlocked')
  const server = await startOAuthServer()
  const model = await startScriptedProvider(async ({ headers }) =>
    (await server.honours(headers.authorization?.replace('Bearer ', '') ?? ''))
      ? chatAnswer({ text: 'hello' })
      : { status: 401, json: { error: { message: `no ${headers.authorization}` } } },
  )
  const up = { type: 'openai', baseUrl: `${model.url}/v1`, discovery: 'off', models: { m: {} } }
  const auth = { type: 'oauth', account: 'work' }
  const config = {
    version: 1,
    gateway: { clientAuth: { mode: 'none' } },
    virtualrouter: {
      providers: { up: { ...up, oauth: server.block, auth } },
      routing: { default: [{ targets: ['up.m'] }] },
    },
  }
  const options = {
    config,
    env: { ...session.env, PATCHBAY_KEYCHAIN: '', PATCHBAY_HOME: home, PATCHBAY_LOG: 'debug' },
    control: ['--control-port', '0'],
  }
  const start = () => startGateway(options)
  const gateways = await Promise.all([start(), start()])
  return {
    home,
    session,
    server,
    gateways: gateways as [GatewayProcess, GatewayProcess],
    start,
    async [Symbol.asyncDispose]() {
      for (const one of [...gateways, model, server, session]) await one[Symbol.asyncDispose]()
      fs.rmSync(home, { recursive: true, force: true })
    },
  }
}

async function chat({ url }: GatewayProcess): Promise<number> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'up.m', messages: [{ role: 'user', content: 'hello' }] }),
  })
  await response.text()
  return response.status
}

async function signIn(gateway: GatewayProcess): Promise<void> {
  const { answer } = await callControl(gateway, 'beginLogin', { provider: 'up', alias: 'work' })
  await (await fetch((await signInAt(answer.url))!)).text()
}

const stateAt = async (gateway: GatewayProcess) => (await callControl(gateway, 'listAccounts')).answer.accounts[0]

test.skipIf(noKeyringSession)(
  'A13, A14: a login in one process serves the other, 20 requests at its end refresh it once, and it outlives both',
  async () => {
    await using it = await rig()
    const [one, two] = it.gateways
    expect([await chat(one), await chat(two)]).toEqual([403, 403])
    expect(await stateAt(two)).toMatchObject({ id: 'up/work', state: 'signed-out' })
    await signIn(one)
    expect(await chat(one)).toBe(200)
    await expect.poll(() => chat(two), { timeout: 20_000 }).toBe(200)

    await it.server.expireTokens()
    it.server.grants.length = 0
    const asked = Array.from({ length: 20 }, (_, index) => chat(it.gateways[index % 2]!))
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]))
    expect(it.server.grants).toEqual(['refresh_token'])

    await using later = await it.start()
    expect(await stateAt(later)).toMatchObject({ state: 'ok', label: 'ada@example.test' })
    const kept = (await filesIn(it.home)).join('')
    expect(kept).toContain('account up/work')
    expect((await callControl(later, 'logout', { account: 'up/work' })).answer).toMatchObject({ revoked: true })
    await expect.poll(async () => (await stateAt(one))?.state, { timeout: 20_000 }).toBe('signed-out')
    expect(await chat(one)).toBe(403)

    const told = [one, two, later].map(({ stdout, stderr }) => stdout() + stderr()).join('')
    expect(it.server.issued.size).toBeGreaterThan(4)
    for (const secret of it.server.issued) expect(told + kept).not.toContain(secret)
  },
)

test.skipIf(noKeyringSession)(
  'the keychain is locked in the middle: what is known serves on, a new process says why not',
  async () => {
    await using it = await rig()
    const [one, two] = it.gateways
    await signIn(one)
    it.session.lock()
    expect(await chat(one)).toBe(200)
    expect(await chat(two)).toBe(403)
    expect(await stateAt(two)).toMatchObject({ state: 'locked', error: expect.stringContaining('Unlock it') })
  },
)
