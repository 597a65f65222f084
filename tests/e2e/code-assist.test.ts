import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { asksWhichModel, codeAssistGate, codeAssistService } from '../helpers/code-assist-service.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { runGeminiCli } from '../helpers/gemini-cli.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'

/** Nothing about it looks like a secret: only who knows it can take it out. */
const token = 'wren-kestrel-71-login'
const verdict = { text: '{"reasoning":"simple","model_choice":"flash"}' }

describe('a licensed user’s Gemini CLI, with its own login', () => {
  test('Code Assist, another backend, and back: no login, no restart of the gateway, and the token in no file', async () => {
    const service = codeAssistService((seen) => {
      if (asksWhichModel(seen)) return verdict
      if (seen.results.length > 0) return { text: `Google says ${/\d+/.exec(seen.results.join())?.[0]}.` }
      return { calls: [{ id: 'call-1', name: 'read_file', args: { file_path: 'note.txt' } }] }
    })
    await using google = await startScriptedProvider(service, codeAssistGate(token))
    await using other = await startScriptedProvider(
      modelThat((seen) => (asksWhichModel(seen) ? verdict : { text: 'The other says hello.' })),
    )
    const providers = {
      google: { profile: 'gemini-cli', baseUrl: google.url, auth: { type: 'client' }, models: { '*': {} } },
      other: {
        type: 'openai',
        baseUrl: `${other.url}/v1`,
        auth: { type: 'none' },
        models: { m: {} },
        discovery: 'off',
      },
    }
    await using gateway = await startGateway({
      config: {
        gateway: { recordBodies: true },
        virtualrouter: {
          providers,
          routingGroups: {
            native: { routing: { default: [{ targets: ['google.*'] }] } },
            other: { routing: { default: [{ targets: ['other.m'] }] } },
          },
        },
      },
      env: { PATCHBAY_LOG: 'debug' },
      control: ['--control-port', '0'],
    })
    const { origin, searchParams } = new URL(gateway.controlUrl!)
    const call = async (name: string, input: object = {}) => {
      const headers = { authorization: `Bearer ${searchParams.get('token')}` }
      const reply = await fetch(`${origin}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
      return reply.text()
    }
    const run = () =>
      runGeminiCli({
        url: `${gateway.url}/k/${gateway.clientKey}`,
        key: token,
        road: 'code-assist',
        prompt: 'read the note',
        files: { 'note.txt': 'the note says 4711\n' },
      })

    expect(await run()).toMatchObject({ exitCode: 0, stdout: 'Google says 4711.\n' })
    const paths = google.requests.map(({ path: at }) => at)
    expect(paths).toEqual(
      expect.arrayContaining([
        '/v1internal:loadCodeAssist',
        '/v1internal:listExperiments',
        '/v1internal:retrieveUserQuota',
        '/v1internal:streamGenerateContent?alt=sse',
      ]),
    )
    for (const { headers, json, path: at } of google.requests) {
      expect(headers).toMatchObject({
        authorization: `Bearer ${token}`,
        'user-agent': expect.stringMatching(/^GeminiCLI/),
      })
      expect(JSON.stringify(headers)).not.toContain(gateway.clientKey)
      if (/generateContent/i.test(at)) expect(json).toMatchObject({ project: 'licensed-project' })
    }

    const before = google.requests.length
    await call('setActiveGroup', { group: 'other' })
    expect(await run()).toMatchObject({ exitCode: 0, stdout: 'The other says hello.\n' })
    expect(google.requests).toHaveLength(before)
    for (const { rawHeaders } of other.requests) expect(rawHeaders.join()).not.toContain(token)

    await call('setActiveGroup', { group: 'native' })
    expect(await run()).toMatchObject({ exitCode: 0, stdout: 'Google says 4711.\n' })

    // a login Google no longer takes is refused with the token in the service's own words
    const stale = 'wren-kestrel-72-stale'
    const refused = await fetch(`${gateway.url}/k/${gateway.clientKey}/v1internal:generateContent`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stale}` },
      body: JSON.stringify({ model: 'gemini-3-flash', project: 'p', request: { contents: [] } }),
    })
    const said = [await refused.text(), await call('listExchanges'), await call('getState'), await call('getHealth')]
    for (const { id } of (JSON.parse(said[1]!) as { exchanges: { id: string }[] }).exchanges)
      said.push(await call('getExchange', { id }))
    const files = fs.readdirSync(gateway.home, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    said.push(
      gateway.stderr(),
      ...files.map((file) => fs.readFileSync(path.join(file.parentPath, file.name), 'latin1')),
    )
    expect(said.join('\n')).not.toMatch(/wren-kestrel/)
    expect(said[1]).toContain('google.')
  })
})
