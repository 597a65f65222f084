import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Pushes } from '../../../src-core/control/contract.ts'
import { createEventStreams } from '../../../src-core/control/event-streams.ts'
import { chatAnswer } from '../../helpers/answers.ts'
import { startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { type Rig, startControlled } from './rig.ts'

interface Heard {
  event: string
  data: unknown
}

/** Listens as the window does. */
async function listen({ control, token }: Rig) {
  const heard: Heard[] = []
  let text = ''
  const request = http.get(`${control}/api/events`, { agent: false, headers: { authorization: `Bearer ${token}` } })
  onTestFinished(() => void request.destroy())
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
  })
  response.on('error', () => {}) // the test ends the connection
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      if (event && data) heard.push({ event, data: JSON.parse(data) })
      text = text.slice(end + 2)
    }
  })
  const of = <Name extends keyof Pushes>(name: Name) =>
    heard.filter(({ event }) => event === name).map(({ data }) => data as Pushes[Name])
  return { response, heard, of, stop: () => request.destroy() }
}

const config = (url: string) => ({
  gateway: { clientAuth: { mode: 'none' } },
  virtualrouter: {
    providers: {
      up: { type: 'openai', baseUrl: `${url}/v1`, auth: { type: 'none' }, discovery: 'off', models: { m: {} } },
    },
    activeGroup: 'a',
    routingGroups: {
      a: { routing: { default: [{ targets: ['up.m'] }] } },
      b: { routing: { default: [{ targets: ['up.m'] }] } },
    },
  },
})

describe('pushes', () => {
  test('the steps of a test as they are passed, before the one that is waited for', async () => {
    const gate = Promise.withResolvers<void>()
    await using up = await startScriptedProvider(async () => {
      await gate.promise
      return chatAnswer({ text: 'hi' })
    })
    const it = await startControlled(config(up.url))
    const { of } = await listen(it)
    const asked = it.call('testProvider', { provider: 'up' })
    await expect.poll(() => of('test')).toHaveLength(1)
    expect(of('test')[0]).toMatchObject({ provider: 'up', steps: [{ name: 'address' }, { name: 'proxy' }] })
    gate.resolve()
    expect((await asked).answer.steps.at(-1)).toMatchObject({ name: 'model', ok: true })
    expect(of('test')).toHaveLength(1)
  })

  test('an exchange from its start to its end, and the state that changed with it', async () => {
    await using up = await startScriptedProvider(chatAnswer({ text: 'hi' }))
    const it = await startControlled(config(up.url))
    const { of, response } = await listen(it)
    expect(response.headers['content-type']).toBe('text/event-stream')
    const id = (await it.chat()).headers['x-patchbay-request-id']
    await expect.poll(() => of('exchange').length).toBe(3)
    const pushes = of('exchange').map((push) =>
      push.type === 'missed' ? push : [push.type, push.exchange.id, push.exchange.state],
    )
    expect(pushes).toEqual([
      ['started', id, 'open'],
      ['attempt', id, 'open'],
      ['ended', id, 'ended'],
    ])
    await expect.poll(() => of('state').at(-1)?.openExchanges).toBe(0)
  })

  test('a switch, a failure and a broken edit by hand', async () => {
    await using up = await startScriptedProvider({ status: 429, json: { error: { message: 'slow down' } } })
    const it = await startControlled(config(up.url))
    const { of } = await listen(it)
    const { revision } = (await it.call('setActiveGroup', { group: 'b' })).answer
    await expect.poll(() => of('config').map((push) => push.revision)).toContain(revision)
    await expect.poll(() => of('state').at(-1)?.activeGroup).toBe('b')
    await it.chat()
    await expect.poll(() => of('health').at(-1)?.targets).toMatchObject([{ target: 'up.m', state: 'cooling' }])
    fs.writeFileSync(it.configFile, 'version: 2')
    await expect.poll(() => of('config').at(-1)?.problems, { timeout: 10_000 }).toMatchObject([{ path: 'version' }])
  })

  test('everyone hears the same; who has left costs nothing', async () => {
    await using up = await startScriptedProvider(chatAnswer({ text: 'hi' }))
    const it = await startControlled(config(up.url))
    const [one, other] = [await listen(it), await listen(it)]
    one.stop()
    await it.chat()
    await expect.poll(() => other.of('exchange').length).toBe(3)
    expect(one.heard).toEqual([])
  })

  test('a stop ends them', async () => {
    await using up = await startScriptedProvider(chatAnswer({ text: 'hi' }))
    const it = await startControlled(config(up.url))
    const { response } = await listen(it)
    const ended = new Promise((resolve) => response.once('end', resolve))
    await it.gateway.close(0)
    await ended
  })
})

describe('listeners', () => {
  /** Listeners of a server that pushes what a test says. */
  async function rig() {
    const calls: string[] = []
    const streams = createEventStreams({
      firstListens() {
        calls.push('first')
        return () => void calls.push('last')
      },
    })
    const server = http.createServer((_message, response) => streams.open(response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as net.AddressInfo
    async function join(reading = true) {
      const socket = net.connect(port, '127.0.0.1')
      onTestFinished(() => void socket.destroy())
      let text = ''
      socket.on('data', (piece: Buffer) => {
        text = (text + piece.toString('latin1')).slice(-300_000)
      })
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
      await expect.poll(() => text).toContain(':\n\n')
      if (!reading) socket.pause()
      return { socket, text: () => text }
    }
    return { calls, streams, join }
  }

  test('nobody is asked for anything until the first listens, and after the last has left', async () => {
    const { calls, join } = await rig()
    expect(calls).toEqual([])
    const [one, other] = [await join(), await join()]
    expect(calls).toEqual(['first'])
    one.socket.destroy()
    other.socket.destroy()
    await expect.poll(() => calls).toEqual(['first', 'last'])
    await join()
    expect(calls).toEqual(['first', 'last', 'first'])
  })

  test('one that does not read is let go, the others are not held up', async () => {
    const { streams, join, calls } = await rig()
    const quick = await join()
    const slow = await join(false)
    const gone = new Promise((resolve) => slow.socket.once('close', resolve))
    const words = 'x'.repeat(256 * 1024)
    // more than any system's sockets hold for a reader that sleeps
    for (let sent = 0; sent < 60; sent += 1) {
      streams.push('config', JSON.stringify(`${sent}:${words}`))
      await expect.poll(quick.text, { interval: 5 }).toContain(`"${sent}:`)
    }
    slow.socket.resume()
    await gone
    expect(calls).toEqual(['first'])
  })
})
