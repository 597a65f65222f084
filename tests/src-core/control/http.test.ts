import net from 'node:net'
import { describe, expect, test } from 'vitest'
import { contract } from '../../../src-core/control/contract.ts'
import { startControlled } from './rig.ts'

const config = {
  version: 1,
  gateway: { clientAuth: { mode: 'none' }, bodyLimitMb: 0.01, allowedOrigins: ['http://localhost:3000'] },
  virtualrouter: {
    providers: { demo: { profile: 'demo', models: { demo: {} } } },
    routing: { default: [{ targets: ['demo.demo'] }] },
  },
}

describe('who may ask', () => {
  test('nobody without the token, a foreign name or a foreign page, whatever they ask', async () => {
    const { ask, control, token } = await startControlled(config)
    const { host } = new URL(control)
    const right = { authorization: `Bearer ${token}` }
    const asked: [what: string, headers: Record<string, string>, status: number][] = [
      ['the token', right, 200],
      ['the token, in any case of the scheme', { authorization: `bearer ${token}` }, 200],
      ['its own page', { ...right, origin: control }, 200],
      ['its own page by name', { ...right, origin: control.replace('127.0.0.1', 'localhost') }, 200],
      ['by name', { ...right, host: host.replace('127.0.0.1', 'localhost') }, 200],
      ['no token', {}, 401],
      ['another token', { authorization: `Bearer ${'x'.repeat(token.length)}` }, 401],
      ['half a token', { authorization: `Bearer ${token.slice(0, 16)}` }, 401],
      ['the token as something else', { authorization: `Basic ${token}` }, 401],
      ['the token in another header', { 'x-api-key': token }, 401],
      ['a foreign host', { ...right, host: 'evil.example' }, 403],
      ['a foreign host that looks like ours', { ...right, host: '127.0.0.1.evil.example' }, 403],
      ['a page on the web', { ...right, origin: 'https://evil.example' }, 403],
      ['a page of another port here', { ...right, origin: 'http://127.0.0.1:3000' }, 403],
      ['a page the data port allows', { ...right, origin: 'http://localhost:3000' }, 403],
      ['a sandboxed page', { ...right, origin: 'null' }, 403],
      ['a foreign page without a token: its name comes first', { origin: 'https://evil.example' }, 403],
    ]
    for (const [what, headers, status] of asked) {
      const reply = await ask({ method: 'POST', path: '/api/getState', headers })
      expect(reply.status, what).toBe(status)
      expect(reply.headers['access-control-allow-origin'], what).toBeUndefined()
      if (status !== 200) expect(JSON.parse(reply.text).error.message, what).toMatch(/^The control port .+\.$/)
    }
    expect((await ask({ method: 'POST', path: `/api/getState?token=${token}` })).status).toBe(401)
    expect((await ask({ path: '/api/events' })).status).toBe(401)
  })

  test('the refusal comes before the body is read', async () => {
    const { control } = await startControlled(config)
    const socket = net.connect(Number(new URL(control).port), '127.0.0.1')
    socket.write('POST /api/saveConfig HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000000\r\n\r\n{"text":')
    const [first] = await new Promise<Buffer[]>((resolve) => socket.once('data', (piece: Buffer) => resolve([piece])))
    expect(first!.toString()).toMatch(/^HTTP\/1\.1 401 /)
    socket.destroy()
  })

  test('each start has another token', async () => {
    const [one, other] = [await startControlled(config), await startControlled(config)]
    expect(one.token).not.toBe(other.token)
    expect(one.token.length).toBeGreaterThanOrEqual(32)
  })
})

describe('what is asked', () => {
  test('a call that does not exist, or by another method: 404, and which there are', async () => {
    const { ask, token } = await startControlled(config)
    const headers = { authorization: `Bearer ${token}` }
    for (const [method, path] of [
      ['POST', '/api/getEverything'],
      ['POST', '/api/constructor'],
      ['POST', '/api/__proto__'],
      ['POST', '/api/'],
      ['GET', '/api/getState'],
      ['DELETE', '/api/getState'],
      ['GET', '/favicon.ico'],
      ['POST', '/'],
    ] as const) {
      const reply = await ask({ method, path, headers })
      expect(reply.status, `${method} ${path}`).toBe(404)
      expect(reply.text, `${method} ${path}`).toContain('getState')
    }
  })

  test('inputs that are none: 400 with the field', async () => {
    const { ask, token } = await startControlled(config)
    const headers = { authorization: `Bearer ${token}` }
    for (const [call, body, path] of [
      ['getState', '{', '(input)'],
      ['getState', '[]', '(input)'],
      ['getState', '"x"', '(input)'],
      ['getState', '{"more":1}', 'more'],
      ['setActiveGroup', '', 'group'],
      ['setActiveGroup', '{"group":7}', 'group'],
      ['setActiveGroup', '{"group":""}', 'group'],
      ['setProviderEnabled', '{"provider":"demo","enabled":"yes"}', 'enabled'],
      ['saveConfig', '{"text":"version: 1"}', 'revision'],
      ['listExchanges', '{"limit":0}', 'limit'],
      ['listExchanges', '{"limit":501}', 'limit'],
      ['listExchanges', '{"before":"yesterday"}', 'before'],
      ['listExchanges', '{"filter":{"error":7}}', 'filter.error'],
      ['listExchanges', '{"filter":{"colour":"red"}}', 'filter.colour'],
      ['getUsage', '{"by":["target","moon"]}', 'by[1]'],
      ['getUsage', '{"since":"today"}', 'since'],
      ['explainRoute', '{"path":"v1","body":{}}', 'path'],
      ['explainRoute', '{"path":"/v1/chat/completions"}', 'body'],
      ['explainRoute', '{"path":"/v1/chat/completions","body":{},"headers":{"a":1}}', 'headers.a'],
      ['resetHealth', '{"target":"a","credential":"b"}', 'credential'],
      ['previewClient', '{"client":"netscape"}', 'client'],
    ]) {
      const reply = await ask({ method: 'POST', path: `/api/${call}`, headers, body })
      expect(reply.status, `${call} ${body}`).toBe(400)
      const { error } = JSON.parse(reply.text)
      expect(error.path, `${call} ${body}`).toBe(path)
      expect(error.message, `${call} ${body}`).toMatch(/\S+\.$/)
    }
  })

  test('a body beyond the limit: 413', async () => {
    const { ask, token } = await startControlled(config)
    const body = JSON.stringify({ text: 'x'.repeat(20_000) })
    const headers = { authorization: `Bearer ${token}`, 'content-length': String(body.length) }
    const reply = await ask({ method: 'POST', path: '/api/validateConfig', headers, body })
    expect(reply.status).toBe(413)
  })

  test('GET / says what this is and tells no secret', async () => {
    const { ask, token } = await startControlled(config)
    const reply = await ask({ path: `/?token=${token}` })
    expect(reply.status).toBe(200)
    for (const name of Object.keys(contract)) expect(reply.text).toContain(name)
    expect(reply.text).not.toContain(token)
    expect((await ask({ path: '/', headers: { host: 'evil.example' } })).status).toBe(403)
  })
})
