import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnswerOf, CallName } from '../../src-core/control/contract.ts'
import { chatAnswer } from '../helpers/answers.ts'
import { startChild } from '../helpers/child-process.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { type KeyringSession, noKeyringSession, startKeyringSession } from '../helpers/keyring-session.ts'
import { type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

if (noKeyringSession) console.log(`Tests of a gateway with a keychain skipped: ${noKeyringSession}`)

/** Nothing about them looks like a secret: only who knows them can take them out. */
const canaries = {
  keychain: 'wren kestrel 61 alpha',
  replaced: 'wren kestrel 62 bravo',
  typed: 'wren kestrel 63 charlie',
  env: 'wren kestrel 64 delta',
  file: 'wren kestrel 65 echo',
  client: 'wren-kestrel-66-foxtrot',
  stranger: 'wren-kestrel-67-golf',
  literal: 'wren-kestrel-68-hotel',
}

let home: string
let provider: ScriptedProvider
let session: KeyringSession | undefined
/** All that was said to anybody. */
const said: string[] = []

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-canary-'))
  // what it refuses it repeats: the path, the credential, all of it
  provider = await startScriptedProvider(({ headers, body }) => {
    const { authorization } = headers
    if (!body.includes('"refused"')) return chatAnswer({ text: 'hello' })
    return {
      status: 401,
      json: { error: { message: `Incorrect API key provided: ${authorization}`, code: authorization } },
    }
  })
  if (!noKeyringSession) session = await startKeyringSession('unlocked')
})

afterAll(async () => {
  await provider.close()
  await session?.[Symbol.asyncDispose]()
  fs.rmSync(home, { recursive: true, force: true })
})

function config() {
  const up = (auth: object) => ({ type: 'openai', baseUrl: `${provider.url}/v1`, models: { '*': {} }, auth })
  return {
    version: 1,
    gateway: { recordBodies: true },
    virtualrouter: {
      providers: {
        stored: up({ type: 'apikey', secret: 'keychain:main' }),
        exported: up({ type: 'apikey', secret: 'env:CANARY' }),
        written: up({ type: 'apikey', secret: `file:${path.join(home, 'canary.key')}` }),
        forwarded: up({ type: 'client' }),
      },
      routing: { default: [{ targets: ['stored.*'] }] },
    },
  }
}

const environment = () => ({
  ...(session ? { ...session.env, PATCHBAY_KEYCHAIN: 'on' } : {}),
  PATCHBAY_HOME: path.join(home, 'patchbay'),
  PATCHBAY_LOG: 'debug',
  CANARY: canaries.env,
})

function start(): Promise<GatewayProcess> {
  return startGateway({ config: config(), env: environment(), control: ['--control-port', '0'] })
}

async function stop(gateway: GatewayProcess): Promise<void> {
  await gateway.stop()
  said.push(gateway.stderr(), gateway.stdout().split('\n').slice(1).join('\n'))
}

async function chat({ url, clientKey }: GatewayProcess, model: string, headers: Record<string, string> = {}) {
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-patchbay-key': clientKey!, ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: `mine is ${canaries.keychain}` }] }),
  })
  const text = await reply.text()
  said.push(text, JSON.stringify([...reply.headers]))
  return { status: reply.status, text }
}

async function call<Name extends CallName>(
  { controlUrl }: GatewayProcess,
  name: Name,
  input: object = {},
): Promise<AnswerOf<Name>> {
  const { origin, searchParams } = new URL(controlUrl!)
  const headers = { authorization: `Bearer ${searchParams.get('token')}` }
  const reply = await fetch(`${origin}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
  const text = await reply.text()
  said.push(text)
  return JSON.parse(text) as AnswerOf<Name>
}

async function secretCommand(args: string[], stdin = ''): Promise<string> {
  const root = path.resolve(import.meta.dirname, '../..')
  const env = { HOME: home, ...environment() }
  const child = startChild('npm', ['run', '--silent', 'secret', '--', ...args], { cwd: root, env, stdin })
  expect([await child.ended, child.stderr()]).toEqual([0, ''])
  said.push(child.stdout())
  return child.stdout()
}

function filesBelow(folder: string): string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.map((name) => path.join(folder, name)).filter((file) => fs.statSync(file).isFile())
}

test.skipIf(noKeyringSession !== undefined)(
  'no secret is in a log, a record, an error, a control answer or a file, whatever happens',
  async () => {
    fs.writeFileSync(path.join(home, 'canary.key'), `${canaries.file}\n`, { mode: 0o600 })
    const first = await start()
    expect((await chat(first, 'stored.m')).text).toContain('keychain:main is not stored')
    expect(await call(first, 'setSecret', { name: 'main', value: canaries.keychain })).toMatchObject({
      kept: 'keychain',
    })

    // each kind of credential, taken and refused
    const own = { authorization: `Bearer ${canaries.client}` }
    for (const model of ['m', 'refused']) {
      for (const from of ['stored', 'exported', 'written']) await chat(first, `${from}.${model}`)
      await chat(first, `forwarded.${model}`, own)
    }
    const seen = provider.requests.map(({ headers }) => headers.authorization)
    for (const name of ['keychain', 'env', 'file', 'client'] as const)
      expect(seen).toContain(`Bearer ${canaries[name]}`)
    expect((await chat(first, 'stored.m', { 'x-patchbay-key': canaries.stranger })).status).toBe(401)

    // another value, from here and from another process, counts from the next request
    await call(first, 'setSecret', { name: 'main', value: canaries.replaced })
    expect((await chat(first, 'stored.m')).status).toBe(200)
    expect(provider.requests.at(-1)?.headers.authorization).toBe(`Bearer ${canaries.replaced}`)
    expect(await secretCommand(['set', 'main'], `${canaries.typed}\n`)).toContain('Stored main in the keychain')
    await expect
      .poll(
        async () => {
          await chat(first, 'stored.m')
          return provider.requests.at(-1)?.headers.authorization
        },
        { timeout: 20_000 },
      )
      .toBe(`Bearer ${canaries.typed}`)
    expect(await secretCommand(['list'])).toContain('main')

    // a secret written into the config itself
    const literal = config()
    literal.virtualrouter.providers.exported.auth = { type: 'apikey', secret: canaries.literal }
    await call(first, 'validateConfig', { text: JSON.stringify(literal) })
    first.writeConfig(literal)
    await expect.poll(async () => (await call(first, 'getState')).problems.length, { timeout: 20_000 }).toBe(1)
    first.writeConfig(config())
    await expect.poll(async () => (await call(first, 'getState')).problems.length, { timeout: 20_000 }).toBe(0)

    // everything there is to be asked
    const { exchanges } = await call(first, 'listExchanges', {})
    for (const { id } of exchanges) await call(first, 'getExchange', { id })
    for (const name of ['getConfig', 'getHealth', 'listSecrets', 'getUsage'] as const) await call(first, name)
    for (const name of ['testProvider', 'discoverModels'] as const) await call(first, name, { provider: 'stored' })
    await stop(first)

    // it all stays, and the client key too
    const second = await start()
    expect(second.clientKey).toBe(first.clientKey)
    expect((await chat(second, 'stored.m')).status).toBe(200)
    expect(provider.requests.at(-1)?.headers.authorization).toBe(`Bearer ${canaries.typed}`)
    expect(await call(second, 'listSecrets')).toEqual({ names: [{ name: 'main', usedBy: ['stored[default]'] }] })
    expect(await call(second, 'deleteSecret', { name: 'main' })).toMatchObject({ usedBy: ['stored[default]'] })
    expect((await chat(second, 'stored.m')).status).toBe(403)
    await stop(second)

    const files = filesBelow(path.join(home, 'patchbay'))
    expect(files.map((file) => path.basename(file))).toContain('exchanges.db')
    // a piece of one would be too much already
    const found = ['kestrel', first.clientKey!].flatMap((secret) => [
      ...said.filter((text) => text.includes(secret)),
      ...files.filter((file) => fs.readFileSync(file).includes(secret)),
    ])
    expect(found).toEqual([])
  },
)

test.skipIf(noKeyringSession !== undefined)('a start waits for no keychain that is locked', async () => {
  const before = await start()
  await stop(before)
  session!.lock()
  const gateway = await start()
  expect(gateway.clientKey).not.toBe(before.clientKey)
  // whoever has the key that cannot be read is known all the same
  const { status } = await chat({ ...gateway, clientKey: before.clientKey }, 'written.m')
  expect(status).toBe(200)
  expect((await chat(gateway, 'stored.m')).text).toContain('because the keychain is locked. Unlock it')
  await stop(gateway)
  expect(gateway.stderr()).toContain('The client key in the keychain counts, but cannot be shown')
})
