import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { configFromEnvironment } from '../../../src-core/config/environment.ts'
import { parseConfig } from '../../../src-core/config/parse.ts'
import { createProbe } from '../../../src-core/config/probe.ts'
import { ConfigError } from '../../../src-core/config/problem.ts'
import { knownProfiles } from './known-profiles.ts'

const nobody = async () => undefined
const ollama = async (url: string) =>
  url === 'http://127.0.0.1:11434/v1/models' ? ['nomic-embed-text', 'qwen3:8b'] : undefined

async function start(env: Record<string, string>, probe: (url: string) => Promise<string[] | undefined> = nobody) {
  const { config, input, found } = await configFromEnvironment({ env, probe })
  const parsed = parseConfig(stringify(input), { knownProfiles })
  expect('problems' in parsed ? parsed.problems : []).toEqual([])
  const { providers, routing } = config.virtualrouter
  return { providers, target: routing.default?.[0]?.targets[0], found: found.map(({ provider }) => provider) }
}

test('a client key of the user’s own is no key for Google either', async () => {
  const from = { env: { GEMINI_API_KEY: 'chosen-by-hand' }, probe: nobody }
  const providers = async (clientKey: string) =>
    (await configFromEnvironment({ ...from, isClientKey: async (key) => key === clientKey })).found.map(
      ({ provider }) => provider,
    )
  expect(await providers('chosen-by-hand')).toEqual(['demo'])
  expect(await providers('another-key')).toEqual(['gemini', 'demo'])
})

const azureKeys = { AZURE_API_KEY: 'hush', AZURE_OPENAI_DEPLOYMENT: 'gpt-5' }

describe('a start without a file', () => {
  test.each([
    ['nothing', {}, nobody, 'demo.*', ['demo']],
    ['a LiteLLM proxy', { LITELLM_PROXY_URL: 'http://127.0.0.1:4000' }, nobody, 'litellm.*', ['litellm', 'demo']],
    [
      'Azure',
      { AZURE_OPENAI_ENDPOINT: 'https://r.example/', ...azureKeys },
      nobody,
      'azure-openai.gpt-5',
      ['azure-openai', 'demo'],
    ],
    [
      'Azure by its other name',
      { AZURE_API_BASE: 'https://r.example', ...azureKeys },
      nobody,
      'azure-openai.gpt-5',
      ['azure-openai', 'demo'],
    ],
    [
      'Azure without a deployment',
      { AZURE_API_BASE: 'https://r.example', AZURE_API_KEY: 'hush' },
      nobody,
      'demo.*',
      ['azure-openai', 'demo'],
    ],
    ['Azure without a key', { AZURE_API_BASE: 'https://r.example' }, nobody, 'demo.*', ['demo']],
    ['a Gemini key', { GEMINI_API_KEY: 'hush' }, nobody, 'gemini.*', ['gemini', 'demo']],
    ['a Gemini key that is a client key of Patchbay', { GEMINI_API_KEY: 'pb-abcdefgh' }, nobody, 'demo.*', ['demo']],
    ['an empty Gemini key', { GEMINI_API_KEY: '' }, nobody, 'demo.*', ['demo']],
    ['a local Ollama', {}, ollama, 'ollama.qwen3:8b', ['ollama', 'demo']],
    ['an Ollama without models', {}, async () => [], 'demo.*', ['ollama', 'lmstudio', 'demo']],
    ['Gemini and Ollama', { GEMINI_API_KEY: 'hush' }, ollama, 'gemini.*', ['gemini', 'ollama', 'demo']],
    [
      'all of it',
      {
        LITELLM_PROXY_URL: 'http://127.0.0.1:4000/v1',
        AZURE_API_BASE: 'https://r.example',
        ...azureKeys,
        GEMINI_API_KEY: 'hush',
      },
      ollama,
      'litellm.*',
      ['litellm', 'azure-openai', 'gemini', 'ollama', 'demo'],
    ],
  ])('%s', async (_name, env, probe, target, found) => {
    expect(await start(env, probe)).toMatchObject({ target, found })
  })

  test.each([
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/v1'],
    ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000/v1'],
    ['http://127.0.0.1:4000/v1/', 'http://127.0.0.1:4000/v1'],
    ['https://proxy.example/llm', 'https://proxy.example/llm'],
  ])('LITELLM_PROXY_URL %s is %s', async (url, baseUrl) => {
    expect((await start({ LITELLM_PROXY_URL: url })).providers.litellm?.baseUrl).toBe(baseUrl)
  })

  test.each([
    ['https://r.example', undefined, 'https://r.example/openai/v1'],
    ['https://r.example/openai/v1/', undefined, 'https://r.example/openai/v1'],
    ['https://r.example', '2024-10-21', 'https://r.example/openai'],
    ['https://r.example/openai/', '2024-10-21', 'https://r.example/openai'],
  ])('Azure at %s, api-version %s: %s', async (endpoint, version, baseUrl) => {
    const env = { AZURE_OPENAI_ENDPOINT: endpoint, ...azureKeys, ...(version ? { AZURE_API_VERSION: version } : {}) }
    const provider = (await start(env)).providers['azure-openai']
    expect([provider?.baseUrl, provider?.apiVersion]).toEqual([baseUrl, version])
  })

  test('keys stay references', async () => {
    const env = {
      LITELLM_PROXY_URL: 'http://x.example',
      LITELLM_API_KEY: 'hush',
      AZURE_API_BASE: 'https://r.example',
      ...azureKeys,
      GEMINI_API_KEY: 'hush',
    }
    const { providers } = await start(env)
    expect(providers.litellm?.auth).toEqual({ type: 'apikey', secret: 'env:LITELLM_API_KEY' })
    expect(JSON.stringify(providers)).not.toContain('hush')
  })

  test('a proxy without a key is asked without one', async () => {
    expect((await start({ LITELLM_PROXY_URL: 'http://x.example' })).providers.litellm?.auth).toEqual({ type: 'none' })
  })

  test.each(['nonsense', 'ftp://x.example', 'http://user:hush@x.example'])(
    'LITELLM_PROXY_URL %s is refused',
    async (url) => {
      const error = await start({ LITELLM_PROXY_URL: url }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).problems[0]?.path).toBe('LITELLM_PROXY_URL')
      expect((error as ConfigError).message).not.toContain('hush')
    },
  )
})

describe('the probe', () => {
  async function server(answer: http.RequestListener): Promise<{ url: string; close(): void }> {
    const listening = http.createServer(answer)
    await new Promise<void>((ready) => listening.listen(0, '127.0.0.1', ready))
    const close = () => {
      listening.closeAllConnections()
      listening.close()
    }
    return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1/models`, close }
  }

  test.each<[string, http.RequestListener, string[] | undefined]>([
    ['a list of models', (_request, response) => response.end('{"data":[{"id":"a"},{"id":1},{"id":"b"}]}'), ['a', 'b']],
    ['an empty list', (_request, response) => response.end('{"data":[]}'), []],
    ['another kind of server', (_request, response) => response.end('<html>'), undefined],
    ['a refusal', (_request, response) => response.writeHead(401).end('{"data":[]}'), undefined],
    ['silence', () => undefined, undefined],
    [
      'an answer cut short',
      (_request, response) =>
        response.writeHead(200, { 'content-length': 50 }).write('{"data":[]}', () => response.destroy()),
      undefined,
    ],
    ['an answer without end', (_request, response) => void endless(response), undefined],
  ])('%s', async (_name, answer, models) => {
    const { url, close } = await server(answer)
    expect(await createProbe({ timeoutMs: 250 })(url)).toEqual(models)
    close()
  })

  test('nobody there', async () => {
    const { url, close } = await server(() => undefined)
    close()
    expect(await createProbe()(url)).toBeUndefined()
  })

  function endless(response: http.ServerResponse): void {
    const more = () => {
      if (!response.destroyed) response.write('x'.repeat(65_536), more)
    }
    more()
  }
})

test('the written form reads like a config', async () => {
  const { input } = await configFromEnvironment({ env: { GEMINI_API_KEY: 'hush' }, probe: nobody })
  expect(parse(stringify(input))).toEqual(input)
})
