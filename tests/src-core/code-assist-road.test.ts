import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createGateway } from '../../src-core/gateway.ts'
import { chatAnswer } from '../helpers/answers.ts'
import { codeAssistGate, codeAssistService, licensed } from '../helpers/code-assist-service.ts'
import { type Answer, startScriptedProvider } from '../helpers/scripted-provider.ts'

const token = 'ya29.callers-own'

/** A gateway with Code Assist and another backend behind it, each in a group of its own, and a signed-in CLI. */
async function start(group: 'native' | 'other' | 'both', startUp: Partial<Record<string, Answer>> = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-code-assist-'))
  const service = await startScriptedProvider(
    codeAssistService(() => ({ text: 'From Google.' }), startUp),
    codeAssistGate(token),
  )
  const other = await startScriptedProvider(chatAnswer({ text: 'From the other.' }))
  const file = path.join(home, 'config.yaml')
  const config = {
    virtualrouter: {
      activeGroup: group,
      providers: {
        google: {
          profile: 'gemini-cli',
          baseUrl: `${service.url}/v1internal`,
          auth: { type: 'client' },
          models: { '*': {} },
        },
        other: {
          type: 'openai',
          baseUrl: `${other.url}/v1`,
          auth: { type: 'none' },
          models: { m: {} },
          discovery: 'off',
        },
      },
      routingGroups: {
        native: { routing: { default: [{ targets: ['google.*'] }] } },
        both: { routing: { default: [{ targets: ['google.*', 'other.m'] }] } },
        other: { routing: { default: [{ targets: ['other.m'] }] } },
      },
    },
  }
  fs.writeFileSync(file, JSON.stringify(config))
  const gateway = await createGateway({
    configFile: file,
    env: { PATCHBAY_HOME: home, PATCHBAY_KEYCHAIN: 'off', PATCHBAY_LOG: 'error' },
    port: 0,
    controlInProcess: true,
  })
  onTestFinished(async () => {
    await gateway.close(0)
    await Promise.all([service.close(), other.close()])
    fs.rmSync(home, { recursive: true, force: true })
  })
  await gateway.listen()
  const { url, clientKey } = gateway.state()
  return {
    service,
    other,
    call: (name: string, input: object) => gateway.control!.call(name, input, new AbortController().signal),
    async ask(at: string, body?: string | object, bearer = token) {
      const reply = await fetch(`${url}/k/${clientKey}/v1internal${at}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${bearer}`,
          'user-agent': 'GeminiCLI-tui/0.61.0/gemini-3-flash (linux; x64; terminal)',
        },
        body: typeof body === 'object' ? JSON.stringify(body) : body,
      })
      return { status: reply.status, text: await reply.text() }
    },
  }
}

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
const turn = (project?: string) => ({ model: 'gemini-3-flash', project, user_prompt_id: 'u', request: { contents } })

describe('the CLI’s own traffic, with its own login', () => {
  test('a turn goes out byte for byte, and comes back in its envelope', async () => {
    const { service, ask } = await start('native')
    const body = `{ "model":"gemini-3-flash", "project": "mine","request":{"contents":${JSON.stringify(contents)},"session_id":"s"} }`
    expect(JSON.parse((await ask(':generateContent', body)).text)).toMatchObject({
      response: { candidates: [{ content: { parts: [{ text: 'From Google.' }] } }] },
      traceId: 'trace-1',
    })
    const stream = await ask(':streamGenerateContent?alt=sse', body)
    expect(stream.text).toContain('data: {"response":{"candidates"')
    expect(service.requests.map(({ method, path, body: sent }) => [method, path, sent])).toEqual([
      ['POST', '/v1internal:generateContent', body],
      ['POST', '/v1internal:streamGenerateContent?alt=sse', body],
    ])
    for (const { headers } of service.requests) {
      expect(headers).toMatchObject({
        authorization: `Bearer ${token}`,
        'user-agent': expect.stringMatching(/^GeminiCLI/),
      })
    }
  })

  test('tokens are counted by the service, without thoughts', async () => {
    const { service, ask } = await start('native')
    const thought = { role: 'model', parts: [{ text: 'hm', thought: true }, { text: 'hello' }] }
    const asked = { request: { model: 'models/gemini-3-flash', contents: [...contents, thought] } }
    expect(JSON.parse((await ask(':countTokens', asked)).text)).toEqual({ totalTokens: 42 })
    expect(service.requests.at(-1)).toMatchObject({
      path: '/v1internal:countTokens',
      json: {
        request: {
          model: 'models/gemini-3-flash',
          contents: [...contents, { role: 'model', parts: [{ text: 'hello' }] }],
        },
      },
    })
  })

  test.each([
    [':loadCodeAssist', '{"metadata": {"ideType":"X"}}', licensed],
    [':onboardUser', '{"tierId":"standard-tier"}', { json: { name: 'operations/1', done: false } }],
    ['/operations/1', undefined, { json: { name: 'operations/1', done: true } }],
    [':listExperiments', '{}', { json: { experimentIds: [7], flags: [] } }],
    [':retrieveUserQuota', '{"project":"p"}', { json: { buckets: [{ modelId: 'm' }] } }],
    [':somethingNew?x=1', '{"a": 1}', { json: { some: 'thing' } }],
    [
      ':loadCodeAssist',
      '{}',
      { status: 403, json: { error: { code: 403, details: [{ reason: 'VALIDATION_REQUIRED' }] } } },
    ],
  ])('%s goes to Google, and its answer back, as they are', async (at, body, answer: Answer) => {
    const { service, ask } = await start('native', { [at.replace(/^[:/]|\?.*/g, '')]: answer })
    expect(await ask(at, body)).toEqual({ status: answer.status ?? 200, text: JSON.stringify(answer.json) })
    expect(service.requests.at(-1)).toMatchObject({
      method: body === undefined ? 'GET' : 'POST',
      path: `/v1internal${at}`,
      body: body ?? '',
      headers: { authorization: `Bearer ${token}` },
    })
  })

  test('a login Google refuses: said in words, and the token in none of them', async () => {
    const { ask } = await start('native')
    const { status, text } = await ask(':generateContent', turn('mine'), 'ya29.stale')
    expect(status).toBe(403)
    expect(text).toContain('sign in again')
    expect(text).not.toContain('ya29.stale')
  })

  test('another client’s key is not sent to Google', async () => {
    const { service, call } = await start('native')
    await call('sayHello', { model: 'gemini-3-flash' })
    expect(service.requests).toEqual([])
  })
})

describe('another backend in its place', () => {
  test('answers without the login; start-up calls stay here', async () => {
    const { service, other, ask } = await start('other')
    expect(JSON.parse((await ask(':loadCodeAssist', {})).text)).toMatchObject({
      cloudaicompanionProject: 'patchbay-local',
    })
    expect((await ask(':generateContent', turn('patchbay-local'))).text).toContain('From the other.')
    expect(service.requests).toEqual([])
    for (const { rawHeaders } of other.requests) expect(rawHeaders.join()).not.toContain(token)
  })

  test('a session that began there goes on at Code Assist, under its own project', async () => {
    const { service, call, ask } = await start('other')
    await ask(':loadCodeAssist', {})
    await call('setActiveGroup', { group: 'native' })
    const answers = await Promise.all([1, 2, 3].map(() => ask(':generateContent', turn('patchbay-local'))))
    for (const { text } of answers) expect(text).toContain('From Google.')
    const paths = service.requests.map(({ path }) => path)
    expect(paths.filter((at) => at.endsWith(':loadCodeAssist'))).toHaveLength(1)
    expect(service.requests.filter(({ path }) => path.endsWith(':generateContent')).map(({ json }) => json)).toEqual(
      Array(3).fill(turn('licensed-project')),
    )
  })

  test('where it is only the second choice, a Google that is out of reach keeps no CLI from starting', async () => {
    const both = await start('both')
    await both.service.close()
    expect((await both.ask(':loadCodeAssist', {})).text).toContain('patchbay-local')
    expect((await both.ask(':generateContent', turn('patchbay-local'))).text).toContain('From the other.')
    const native = await start('native')
    await native.service.close()
    expect(await native.ask(':loadCodeAssist', {})).toMatchObject({ status: 503 })
  })

  test('a pause holds Google back, and a CLI that starts meanwhile is answered', async () => {
    const { service, call, ask } = await start('native')
    await call('setPaused', { paused: true })
    expect((await ask(':loadCodeAssist', {})).text).toContain('patchbay-local')
    expect((await ask(':generateContent', turn('mine'))).status).toBe(503)
    expect(service.requests).toEqual([])
  })
})
