import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { send } from '../helpers/cases/send.ts'
import { startChild, untilChild } from '../helpers/child-process.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { callOf, checkOutputs, checkRefusal, dialects, hostileConfig, providerKey } from '../helpers/hostile-rig.ts'
import { headOf, openRaw, type RawClient } from '../helpers/raw-client.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'

const root = path.resolve(import.meta.dirname, '../..')
const text = 'one two three four five six'
const fine = modelThat(() => ({ text }))
const env = { PROVIDER_KEY: providerKey }

/** `npm run serve` with these flags, until it leaves by itself. */
async function serve(flags: string[], files: Record<string, string> = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-serve-'))
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(home, name), content)
  const running = startChild(
    'npm',
    ['run', '--silent', 'serve', '--', ...flags.map((flag) => flag.replace('HOME', home))],
    {
      cwd: root,
      env: { HOME: home, PATCHBAY_HOME: path.join(home, 'patchbay'), npm_config_update_notifier: 'false' },
    },
  )
  try {
    const code = await untilChild(running, 'serve', {
      timeoutMs: 30_000,
      ready: () => running.child.exitCode ?? undefined,
    })
    await running.ended
    return {
      code,
      stdout: running.stdout(),
      stderr: running.stderr(),
      left: fs.existsSync(path.join(home, 'patchbay')),
    }
  } finally {
    running.child.kill('SIGKILL')
    fs.rmSync(home, { recursive: true, force: true })
  }
}

describe('a start that cannot be', () => {
  test.concurrent.each([
    ['--confg', ['--confg', 'x'], '--confg'],
    ['a word too many', ['start'], 'start'],
    ['a port that is none', ['--port', 'x'], '--port takes a number'],
    ['a port out of range', ['--port', '65536'], '--port takes a number'],
    ['a flag without its value', ['--config'], '--config'],
    ['a missing file', ['--config', 'HOME/none.yaml', '--port', '0'], 'none.yaml'],
    ['a folder', ['--config', 'HOME', '--port', '0'], 'patchbay-serve-'],
  ])('%s: exit 2', async (_what, flags, words) => {
    const { code, stdout, stderr } = await serve(flags)
    expect(code, stderr).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(words)
    expect(stderr).not.toMatch(/\n\s+at |node:internal/)
  })

  test.concurrent.each<[string, string, RegExp[]]>([
    ['no YAML', 'version: 1\n  gateway: [', [/\S{10,}/]],
    ['a list', '- 1\n- 2\n', [/\S{10,}/]],
    ['binary', '\0\x01\x02', [/\S{5,}/]],
    [
      'three mistakes at once',
      JSON.stringify({
        version: 1,
        gateway: { port: 'x' },
        virtualrouter: {
          providers: {
            chat: { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1', auth: { type: 'none' }, models: { m: {} } },
          },
          routing: { default: [{ targets: ['chat.m', 'chat.n'] }] },
          retrry: {},
        },
      }),
      [/^gateway\.port: .+ \(line 1\. .+\)$/m, /^virtualrouter\.retrry: .+retry/m],
    ],
    [
      'an unknown target',
      JSON.stringify({
        version: 1,
        virtualrouter: {
          providers: {
            chat: { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1', auth: { type: 'none' }, models: { m: {} } },
          },
          routing: { default: [{ targets: ['chat.m', 'chat.n'] }] },
        },
      }),
      [/^virtualrouter\.routing\.default\[0\]\.targets\[1\]: .*\(.+\)$/m],
    ],
    [
      'a key written down',
      JSON.stringify({
        version: 1,
        virtualrouter: {
          providers: {
            chat: {
              type: 'openai',
              baseUrl: 'http://127.0.0.1:1/v1',
              auth: { type: 'apikey', secret: providerKey },
              models: { m: {} },
            },
          },
          routing: { default: [{ targets: ['chat.m'] }] },
        },
      }),
      [/^virtualrouter\.providers\.chat\.auth\.secret: .+/m],
    ],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]`)
        .join('\n')}\n`,
      [/\S{5,}/],
    ],
  ])('%s: exit 2, a line for each problem', async (_what, yaml, lines) => {
    const { code, stdout, stderr } = await serve(['--config', 'HOME/case.yaml', '--port', '0'], { 'case.yaml': yaml })
    expect(code, stderr).toBe(2)
    expect(stdout).toBe('')
    for (const line of lines) expect(stderr).toMatch(line)
    expect(stderr).not.toMatch(/\n\s+at |node:internal/)
    expect(stderr).not.toContain(providerKey)
    expect(stderr.length).toBeLessThan(20_000)
  })

  test('a busy port: exit 3, and what to change', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as net.AddressInfo
    const { code, stdout, stderr } = await serve(['--port', String(port)])
    holder.close()
    expect(code, stderr).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toContain('gateway.port')
    expect(stderr).toContain(String(port))
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

/** A stream that has begun, on a connection that would be kept. */
async function openStream(gateway: GatewayProcess): Promise<RawClient> {
  const { path: at, headers, body } = callOf('openai', 'chat-m', { key: gateway.clientKey!, stream: true })
  const bytes = JSON.stringify(body)
  const client = await openRaw(gateway.url)
  await client.write(headOf(gateway.url, { path: at, headers: { ...headers, 'content-length': bytes.length } }) + bytes)
  await client.until('one')
  return client
}

async function leaves(gateway: GatewayProcess, withinMs: number): Promise<number> {
  return Promise.race([gateway.ended, wait(withinMs).then(() => Promise.reject(new Error('it is still running')))])
}

async function isFree(url: string): Promise<boolean> {
  const probe = net.createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(Number(new URL(url).port), '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

describe('readiness', () => {
  test.each([
    ['a wildcard alone leads to a target', { '*': {} }, true, 200],
    ['a listed model', { m: {} }, true, 200],
    ['the only provider is switched off', { m: {} }, false, 503],
  ])('%s', async (_what, models, enabled, status) => {
    const up = {
      type: 'openai',
      baseUrl: 'http://127.0.0.1:9/v1',
      auth: { type: 'none' },
      discovery: 'off',
      models,
      enabled,
    }
    const routing = { default: [{ targets: ['up.m'] }] }
    const gateway = await startGateway({ config: { version: 1, virtualrouter: { providers: { up }, routing } } })
    try {
      expect((await fetch(`${gateway.url}/readyz`)).status).toBe(status)
    } finally {
      await gateway.stop()
    }
  })
})

describe('a stop signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: the open stream comes to its end, then exit 0 and a free port',
    async (signal) => {
      await using provider = await startScriptedProvider((request) => ({ ...fine(request), split: 100, gapMs: 120 }))
      const gateway = await startGateway({ config: hostileConfig(provider), env })
      const client = await openStream(gateway)
      const idle = await openRaw(gateway.url) // says nothing, must not hold it up
      process.kill(gateway.pid, signal)
      const whole = await client.until('\r\n0\r\n\r\n')
      expect(whole).toContain('six')
      expect(whole).toMatch(/\[DONE\]\n\n\r\n0\r\n\r\n$/)
      // well before the ten seconds that a stream may take at most
      expect(await leaves(gateway, 5000)).toBe(0)
      expect(await isFree(gateway.url)).toBe(true)
      checkOutputs(gateway)
      client.socket.destroy()
      idle.socket.destroy()
      fs.rmSync(gateway.home, { recursive: true, force: true })
    },
  )

  test('a second one does not wait for the stream', async () => {
    await using provider = await startScriptedProvider((request) => ({ ...fine(request), split: 100, gapMs: 600 }))
    const gateway = await startGateway({ config: hostileConfig(provider), env })
    const client = await openStream(gateway)
    process.kill(gateway.pid, 'SIGTERM')
    await wait(200)
    process.kill(gateway.pid, 'SIGTERM')
    expect(await leaves(gateway, 2000)).toBe(0)
    expect(await isFree(gateway.url)).toBe(true)
    client.socket.destroy()
    fs.rmSync(gateway.home, { recursive: true, force: true })
  })
})

test('a file spoiled by hand stays without effect until it is right again', async () => {
  await using provider = await startScriptedProvider(fine)
  await using gateway = await startGateway({ config: hostileConfig(provider), env })
  const ask = async (): Promise<number> => {
    const { path: at, headers, body } = callOf('openai', 'chat-m', { key: gateway.clientKey! })
    return (await send({ url: gateway.url, path: at, headers, body })).status
  }
  for (const spoiled of ['version: 1\n  gateway: [', '', '\0\0', 'version: 2\n', `version: 1\nnonsense: true\n`]) {
    const before = gateway.stderr().length
    fs.writeFileSync(gateway.configFile!, spoiled)
    await expect.poll(() => gateway.stderr().slice(before), { timeout: 5000 }).toContain('config problem')
    expect(await ask()).toBe(200)
  }
  const before = gateway.stderr().length
  fs.rmSync(gateway.configFile!)
  await wait(300)
  expect(await ask()).toBe(200)
  gateway.writeConfig(hostileConfig(provider))
  await expect.poll(() => gateway.stderr().slice(before), { timeout: 5000 }).toContain('config in force')
  expect(await ask()).toBe(200)
  checkOutputs(gateway)
})

describe('loops', () => {
  test('a gateway pointed at itself, and two at each other, stop in words', async () => {
    await using provider = await startScriptedProvider(fine)
    await using one = await startGateway({ config: hostileConfig(provider), env })
    await using two = await startGateway({ config: hostileConfig(provider), env })
    const to = (gateway: GatewayProcess, host = '127.0.0.1') => {
      const config = hostileConfig({ url: `http://${host}:${new URL(gateway.url).port}` })
      const auth = { type: 'apikey', secret: `file:${gateway.home}/patchbay/state/client-key` }
      for (const name of ['chat', 'gem'])
        config.virtualrouter.providers[name] = { ...config.virtualrouter.providers[name], auth }
      return config
    }
    const force = async (gateway: GatewayProcess, config: unknown): Promise<void> => {
      const before = gateway.stderr().length
      gateway.writeConfig(config)
      await expect.poll(() => gateway.stderr().slice(before), { timeout: 5000 }).toContain('config in force')
    }
    const ask = (gateway: GatewayProcess, dialect: 'openai' | 'gemini', model: string) => {
      const { path: at, headers, body } = callOf(dialect, model, { key: gateway.clientKey! })
      return send({ url: gateway.url, path: at, headers, body })
    }
    for (const host of ['127.0.0.1', 'localhost', '127.1.2.3', '[::1]', '0.0.0.0']) {
      await force(one, to(one, host))
      for (const dialect of dialects) {
        expect(checkRefusal(dialect, await ask(one, dialect, 'chat-m'), 400), host).toContain(
          'points at this gateway itself',
        )
      }
    }
    await force(one, to(two))
    await force(two, to(one))
    for (const dialect of dialects) {
      for (const model of ['chat-m', 'gemini-m']) {
        expect(checkRefusal(dialect, await ask(one, dialect, model), 400)).toContain(
          'came back to the gateway it started from',
        )
      }
    }
    expect(provider.requests.filter(({ method }) => method === 'POST')).toEqual([])
    checkOutputs(one)
    checkOutputs(two)
  })
})
