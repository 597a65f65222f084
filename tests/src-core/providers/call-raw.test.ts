import { describe, expect, onTestFinished, test } from 'vitest'
import { createCredentials } from '../../../src-core/auth/credentials.ts'
import { createSecretReader } from '../../../src-core/auth/secrets.ts'
import { createCallRaw } from '../../../src-core/providers/call-raw.ts'
import type { ResolvedProvider } from '../../../src-core/providers/resolved-provider.ts'
import { sleep } from '../../../src-core/providers/retry.ts'
import { createTransport } from '../../../src-core/providers/transport.ts'
import { noAccounts } from '../../helpers/no-accounts.ts'
import { httpServer, readBody } from './local-servers.ts'
import { modelRequest, plainTarget } from './plain-codec.ts'

const { signal } = new AbortController()

async function raw(answers: { status?: number; body: string }[], more: Partial<ResolvedProvider> = {}) {
  const seen: unknown[] = []
  const { url } = await httpServer(async (request, response) => {
    const { status = 200, body } = answers[Math.min(seen.length, answers.length - 1)]!
    const { authorization, accept } = request.headers
    const text = await readBody(request)
    seen.push({ method: request.method, url: request.url, authorization, accept, ...(text && { body: text }) })
    response.writeHead(status, { 'x-answer': 'yes' }).end(body)
  })
  const provider: ResolvedProvider = {
    id: 'p',
    name: 'Provider P',
    profile: 'openai-compatible',
    protocol: 'openai-chat',
    envelope: 'none',
    baseUrl: new URL('/v1', url).href,
    enabled: true,
    builtIn: false,
    headers: {},
    apiKeyHeader: 'authorization',
    credentials: [{ alias: 'default', type: 'apikey', secret: 'env:KEY' }],
    timeouts: { connectMs: 5000, firstByteMs: 5000, idleMs: 5000 },
    discovery: 'none',
    failures: [],
    waits: [],
    ...more,
  }
  const transport = createTransport({ env: {} })
  onTestFinished(() => transport.close())
  const secrets = createSecretReader({
    env: { KEY: 'sk-one' },
    userHome: '/nowhere',
    folder: '/nowhere',
    keychain: { get: () => undefined },
  })
  const callRaw = createCallRaw({
    provider: (id) => (id === 'p' ? provider : undefined),
    credentials: createCredentials({ secrets, accounts: noAccounts }),
    transport,
    listening: () => [],
    settings: () => ({ retry: { attempts: 3, deadlineMs: 60_000, maxWaitMs: 10_000 } }),
    userAgent: 'Patchbay/1.2.3',
    hop: 'gateway-1',
    now: Date.now,
    random: () => 0,
    sleep: async (_ms, signal) => sleep(1, signal),
  })
  return { callRaw, provider, seen, url }
}

describe('a request that is no conversation', () => {
  test('at a target', async () => {
    const { callRaw, seen } = await raw([{ body: '{"data":[]}' }])
    const answer = await callRaw(plainTarget, { method: 'POST', path: '/embeddings', body: { input: 'a' } }, signal)
    expect(answer).toMatchObject({ status: 200, headers: { 'x-answer': 'yes' }, body: Buffer.from('{"data":[]}') })
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/v1/embeddings',
        authorization: 'Bearer sk-one',
        accept: 'application/json',
        body: '{"input":"a"}',
      },
    ])
  })

  test('at a provider, by path or by URL', async () => {
    const { callRaw, provider, seen, url } = await raw([{ body: '{}' }])
    await callRaw(provider, { method: 'GET', path: '/models?limit=1' }, signal)
    await callRaw(provider, { method: 'GET', path: new URL('/api/tags', url) }, signal)
    expect(seen).toMatchObject([{ url: '/v1/models?limit=1' }, { url: '/api/tags' }])
  })

  test('with the caller’s own credential', async () => {
    const { callRaw, seen } = await raw([{ body: '{}' }], { credentials: [{ alias: 'default', type: 'client' }] })
    const { wire } = modelRequest({ headers: { authorization: 'Bearer theirs' } })
    await callRaw(plainTarget, { method: 'GET', path: '/models' }, signal, wire)
    expect(seen).toMatchObject([{ authorization: 'Bearer theirs' }])
    await expect(callRaw(plainTarget, { method: 'GET', path: '/models' }, signal)).rejects.toMatchObject({
      kind: 'no-credential',
    })
  })

  test('is tried again like any other, or not at all', async () => {
    const failing = { status: 500, body: '{"error":{"message":"oops"}}' }
    const first = await raw([failing, { body: '{}' }])
    expect((await first.callRaw(plainTarget, { method: 'GET', path: '/models' }, signal)).body.toString()).toBe('{}')
    const second = await raw([failing, { body: '{}' }])
    const once = second.callRaw(plainTarget, { method: 'GET', path: '/models', attempts: 1 }, signal)
    await expect(once).rejects.toMatchObject({ kind: 'provider-error', target: 'p.m' })
  })

  test.each([
    [{ builtIn: true }, plainTarget, 'unsupported'],
    [{}, { ...plainTarget, id: 'x.m', provider: 'x' }, 'no-target'],
  ])('%o at %o is refused', async (more, target, kind) => {
    const { callRaw, seen } = await raw([{ body: '{}' }], more)
    await expect(callRaw(target, { method: 'GET', path: '/models' }, signal)).rejects.toMatchObject({ kind })
    expect(seen).toEqual([])
  })
})
