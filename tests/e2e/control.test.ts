import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AnswerOf, CallName } from '../../src-core/control/contract.ts'
import { startChild, untilChild } from '../helpers/child-process.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { openaiProvider, type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'
import { portBeforeTaken, takenPort } from '../helpers/taken-port.ts'

const root = path.resolve(import.meta.dirname, '../..')
const text = 'one two three four five six seven eight nine ten eleven twelve'
const from = (name: string) => modelThat(() => ({ text: `${name} says ${text}` }))

const configFor = (old: ScriptedProvider, next: ScriptedProvider) => ({
  version: 1,
  virtualrouter: {
    providers: { old: openaiProvider(old), next: openaiProvider(next) },
    activeGroup: 'first',
    routingGroups: {
      first: { routing: { default: [{ targets: ['old.m'] }] } },
      second: { routing: { default: [{ targets: ['next.m'] }] } },
    },
  },
})

async function call<Name extends CallName>(
  { controlUrl }: GatewayProcess,
  name: Name,
  input: object = {},
): Promise<AnswerOf<Name>> {
  const { origin, searchParams } = new URL(controlUrl!)
  const reply = await fetch(`${origin}/api/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${searchParams.get('token')}` },
    body: JSON.stringify(input),
  })
  expect(reply.status).toBe(200)
  return (await reply.json()) as AnswerOf<Name>
}

function ask({ url, clientKey }: GatewayProcess, stream = false): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${clientKey}` },
    body: JSON.stringify({ model: 'any', stream, messages: [{ role: 'user', content: 'x' }] }),
  })
}

/** What a stream said, up to its proper end. */
function contentOf(sse: string): string {
  expect(sse).toContain('[DONE]')
  return [...sse.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join('')
}

/** A port here that somebody else holds. */
describe('a switch while an answer is open', () => {
  test('counts for the next request, and the open stream goes on', async () => {
    const slowly = from('old')
    await using old = await startScriptedProvider((request) => ({ ...slowly(request), split: 60, gapMs: 150 }))
    await using next = await startScriptedProvider(from('next'))
    await using gateway = await startGateway({ config: configFor(old, next), control: ['--control-port', '0'] })
    const open = await ask(gateway, true)
    expect((await call(gateway, 'getState')).openExchanges).toBe(1)

    await call(gateway, 'setActiveGroup', { group: 'second' })
    const switched = await ask(gateway)
    expect(switched.headers.get('x-patchbay-target')).toBe('next.m')
    expect(await switched.text()).toContain('next says')

    await call(gateway, 'setProviderEnabled', { provider: 'old', enabled: false })
    expect(contentOf(await open.text())).toBe(`old says ${text}`)
    const { exchanges } = await call(gateway, 'listExchanges')
    expect(exchanges.map(({ target, status }) => [target, status])).toEqual([
      ['next.m', 200],
      ['old.m', 200],
    ])
  })
})

test('a switch with 50 streams open breaks none of them, and the next request goes to the new backend', async () => {
  let finish = (): void => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const slowly = from('old')
  // each stream says its first words and waits for the end
  await using old = await startScriptedProvider((request) => ({
    ...slowly(request),
    hold: { at: 400, until: finished },
  }))
  await using next = await startScriptedProvider(from('next'))
  await using gateway = await startGateway({ config: configFor(old, next), control: ['--control-port', '0'] })
  const open = await Promise.all(Array.from({ length: 50 }, () => ask(gateway, true)))
  const texts = open.map((response) => response.text())
  expect((await call(gateway, 'getState')).openExchanges).toBe(50)

  await call(gateway, 'setActiveGroup', { group: 'second' })
  expect((await ask(gateway)).headers.get('x-patchbay-target')).toBe('next.m')
  expect((await call(gateway, 'getState')).openExchanges).toBe(50)
  finish()
  expect(new Set((await Promise.all(texts)).map(contentOf))).toEqual(new Set([`old says ${text}`]))
  expect(old.requests.filter(({ aborted }) => aborted)).toEqual([])
})

describe('the log of days', () => {
  test('survives a restart, in a bundle as in the sources', async () => {
    await using one = await startScriptedProvider(from('one'))
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-days-'))
    onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
    const options = { config: configFor(one, one), control: ['--control-port', '0'], env: { PATCHBAY_HOME: home } }
    let id: string | null
    {
      await using gateway = await startGateway(options)
      id = (await ask(gateway)).headers.get('x-patchbay-request-id')
      // its answer is written down when the gateway stops, if not before
    }
    expect(fs.existsSync(path.join(home, 'state', 'exchanges.db'))).toBe(true)
    await using again = await startGateway(options)
    expect(await call(again, 'getExchange', { id })).toMatchObject({ id, target: 'old.m', status: 200 })
    expect(await call(again, 'getUsage', { by: ['target'] })).toMatchObject({
      rows: [{ target: 'old.m', requests: 1 }],
    })
    expect(again.stderr()).not.toContain('memory only')
  })
})

describe('the control port', () => {
  test('stands in the first line with its token, which nothing else tells', async () => {
    await using gateway = await startGateway({ control: ['--control-port', '0'], env: { PATCHBAY_LOG: 'debug' } })
    const token = new URL(gateway.controlUrl!).searchParams.get('token')!
    await call(gateway, 'getState')
    await (await ask(gateway)).text()
    await call(gateway, 'getUsage')
    await gateway.stop()
    expect(gateway.controlUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/)
    expect(gateway.stdout().split(token)).toHaveLength(2)
    expect(gateway.stderr()).not.toContain(token)
  })

  test('is the one after the data port; another free one when that is taken, and that is said', async () => {
    await using gateway = await startGateway({ control: [] })
    const port = Number(new URL(gateway.controlUrl!).port)
    const after = Number(new URL(gateway.url).port) + 1
    // the log writes its lines a moment later
    if (port !== after) await vi.waitFor(() => expect(gateway.stderr()).toContain('the control port is taken'), 5000)
    await gateway.stop()

    const before = await portBeforeTaken()
    await using other = await startGateway({ control: [], flags: ['--port', String(before)] })
    expect(Number(new URL(other.url).port)).toBe(before)
    expect(Number(new URL(other.controlUrl!).port)).not.toBe(before + 1)
    await expect.poll(other.stderr, { timeout: 10_000 }).toContain('the control port is taken')
    expect((await call(other, 'getState')).url).toBe(other.url)
  })

  test('asked for and taken: exit 3 and what to change', async () => {
    const taken = await takenPort()
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-taken-'))
    onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
    const { code, stdout, stderr } = await run(['serve', '--port', '0', '--control-port', String(taken)], home)
    expect(code).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toContain(`Port ${taken} is taken by another program. Start with --control-port N`)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe('npm run route', () => {
  test.each([
    [
      'a request',
      { model: 'any', messages: [{ role: 'user', content: 'x' }] },
      [],
      0,
      /^Route default: .+\n[\s\S]*1\. old\.m/,
    ],
    ['a Gemini request without its path', { contents: [] }, [], 2, /--path/],
    ['with it', { contents: [] }, ['--path', '/v1beta/models/x:generateContent'], 0, /1\. old\.m/],
    ['as JSON', { model: 'any', messages: [{ role: 'user', content: 'x' }] }, ['--json'], 0, /^\{[\s\S]+"order": \[/],
    [
      'a target that is not there',
      { model: 'old.none', messages: [{ role: 'user', content: 'x' }] },
      [],
      1,
      /No target can take it/,
    ],
    ['no request', 'nothing', [], 2, /not JSON/],
  ])('%s', async (_what, body, flags, expected, words) => {
    await using provider = await startScriptedProvider(from('nobody'))
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-route-'))
    onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
    const at = (name: string) => path.join(home, name)
    fs.writeFileSync(at('config.yaml'), JSON.stringify(configFor(provider, provider)))
    fs.writeFileSync(at('request.json'), typeof body === 'string' ? body : JSON.stringify(body))
    const argv = ['route', '--file', at('request.json'), '--config', at('config.yaml'), ...flags]
    const { code, stdout, stderr } = await run(argv, home)
    expect(code, stderr).toBe(expected)
    expect(stdout + stderr).toMatch(words)
    expect(provider.requests).toEqual([])
  })
})

/** `npm run <script>` until it leaves. */
async function run([script, ...argv]: string[], home: string) {
  const running = startChild('npm', ['run', '--silent', script!, '--', ...argv], {
    cwd: root,
    env: { HOME: home, PATCHBAY_HOME: path.join(home, 'patchbay'), npm_config_update_notifier: 'false' },
  })
  const ready = () => running.child.exitCode ?? undefined
  const code = await untilChild(running, script!, { timeoutMs: 60_000, ready })
  await running.ended
  return { code, stdout: running.stdout(), stderr: running.stderr() }
}
