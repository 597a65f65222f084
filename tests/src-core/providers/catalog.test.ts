import { describe, expect, test } from 'vitest'
import { type ConfigInput, configSchema } from '../../../src-core/config/schema.ts'
import type { Target } from '../../../src-core/model/target.ts'
import { type Catalog, createCatalog } from '../../../src-core/providers/catalog.ts'
import type { Limits } from '../../../src-core/providers/model-facts.ts'
import { loadProfiles } from '../../../src-core/providers/service-profile.ts'

const { profiles } = await loadProfiles()

type Providers = NonNullable<NonNullable<ConfigInput['virtualrouter']>['providers']>
type Reported = Record<string, Record<string, Limits>>

function catalogOf(providers: Providers, reported: Reported = {}): Catalog {
  const config = configSchema.parse({ version: 1, virtualrouter: { providers } })
  const limitsOf = (provider: string, model: string) => reported[provider]?.[model]
  return createCatalog({ config, profiles, reported: { revision: 0, limitsOf } })
}

const key = { type: 'apikey', secret: 'env:KEY' } as const
const twoKeys = [
  { alias: 'work', ...key },
  { alias: 'home', ...key },
]
const litellm = { profile: 'litellm', auth: key, models: { 'azure-gpt-5': {} } }
const ids = (targets: readonly Target[]) => targets.map(({ id }) => id)

describe('which targets a name stands for', () => {
  const catalog = catalogOf({
    litellm,
    gemini: { profile: 'gemini', auth: twoKeys, models: { 'gemini-3.5-flash': {} } },
    open: { type: 'openai', baseUrl: 'http://h/v1', models: { '*': {}, 'named.v2': {} } },
    off: { ...litellm, enabled: false },
    dead: { profile: 'iflow', auth: key, models: { x: {} } },
    router: { profile: 'openrouter', auth: key },
    glm: { profile: 'glm', auth: key },
  })

  test.each<[name: string, clientModel: string | undefined, expected: string[], because?: RegExp]>([
    ['litellm.azure-gpt-5', undefined, ['litellm.azure-gpt-5']],
    ['litellm.other', undefined, [], /has no model other: add it/],
    ['litellm.*', 'azure-gpt-5', ['litellm.azure-gpt-5']],
    ['litellm.*', 'gemini-3.5-flash', [], /has no model gemini-3.5-flash/],
    ['litellm.*', undefined, [], /named none/],
    ['gemini.gemini-3.5-flash', undefined, ['gemini[work].gemini-3.5-flash', 'gemini[home].gemini-3.5-flash']],
    ['gemini[home].gemini-3.5-flash', undefined, ['gemini[home].gemini-3.5-flash']],
    ['gemini[nobody].gemini-3.5-flash', undefined, [], /no credential named nobody/],
    ['gemini.*', 'gemini-3.5-flash', ['gemini[work].gemini-3.5-flash', 'gemini[home].gemini-3.5-flash']],
    ['open.named.v2', undefined, ['open.named.v2']],
    ['open.anything/at:all', undefined, ['open.anything/at:all']],
    ['open.*', 'client-model', ['open.client-model']],
    ['off.azure-gpt-5', undefined, [], /switched off/],
    ['dead.x', undefined, [], /iFlow closed its service on 17 April 2026/],
    ['router.anthropic/claude-5', undefined, ['router.anthropic/claude-5']],
    ['glm.glm-4.7-air', undefined, ['glm.glm-4.7-air']],
    ['glm.gpt-5', undefined, [], /has no model gpt-5/],
    ['nobody.x', undefined, [], /no provider nobody/],
    ['constructor.x', undefined, [], /no provider constructor/],
    ['litellm.__proto__', undefined, [], /has no model __proto__/],
    ['litellm.constructor', undefined, [], /has no model constructor/],
    ['nonsense', undefined, [], /is no target/],
  ])('%s, client asks for %s', (name, clientModel, expected, because) => {
    expect(ids(catalog.expand(name, clientModel))).toEqual(expected)
    const reason = catalog.skippedBecause(name, clientModel)
    if (because) expect(reason).toMatch(because)
    else expect(reason).toBeUndefined()
  })

  test('declared targets are those that may be called, without wildcards', () => {
    expect(ids(catalog.targets)).toEqual([
      'litellm.azure-gpt-5',
      'gemini[work].gemini-3.5-flash',
      'gemini[home].gemini-3.5-flash',
      'open.named.v2',
    ])
  })

  test('a name gives the same targets again, and ever new names do not add up', () => {
    const first = catalog.expand('litellm.azure-gpt-5')
    expect(catalog.expand('litellm.azure-gpt-5')).toBe(first)
    for (let index = 0; index < 5000; index++) catalog.expand(`open.model-${index}`)
    expect(catalog.expand('litellm.azure-gpt-5')).not.toBe(first)
    expect(catalog.expand('litellm.azure-gpt-5')).toEqual(first)
  })
})

describe('how large a model is', () => {
  const reported = { litellm: { 'azure-gpt-5': { maxContextTokens: 111_000, maxOutputTokens: 11_000 } } }
  test.each<[string, Providers[string], string, Partial<Target>, Reported?]>([
    [
      'the config’s word',
      { ...litellm, models: { 'azure-gpt-5': { maxContextTokens: 5000, maxOutputTokens: 500 } } },
      'azure-gpt-5',
      { maxContextTokens: 5000, maxOutputTokens: 500, limitFrom: 'config' },
      reported,
    ],
    [
      'the config’s window, the service’s output',
      { ...litellm, models: { 'azure-gpt-5': { maxContextTokens: 5000 } } },
      'azure-gpt-5',
      { maxContextTokens: 5000, maxOutputTokens: 11_000, limitFrom: 'config' },
      reported,
    ],
    [
      'the service’s',
      litellm,
      'azure-gpt-5',
      { maxContextTokens: 111_000, maxOutputTokens: 11_000, limitFrom: 'reported' },
      reported,
    ],
    [
      'the profile’s pattern',
      litellm,
      'azure-gpt-5',
      { maxContextTokens: 272_000, maxOutputTokens: 128_000, limitFrom: 'profile' },
    ],
    [
      'nobody’s',
      { ...litellm, models: { mystery: {} } },
      'mystery',
      { maxContextTokens: 200_000, limitFrom: 'default' },
    ],
    [
      'the config’s for any name',
      { ...litellm, models: { '*': { maxContextTokens: 7000 } } },
      'mystery',
      { maxContextTokens: 7000, limitFrom: 'config' },
    ],
    [
      'the longest pattern',
      { profile: 'openai', auth: key },
      'gpt-5-chat-latest',
      { maxContextTokens: 128_000, limitFrom: 'profile' },
    ],
    [
      'an unloaded local model is small',
      { profile: 'ollama', models: { llama: {} } },
      'llama',
      { maxContextTokens: 4096, limitFrom: 'profile' },
    ],
  ])('%s', (_what, provider, model, expected, told) => {
    expect(catalogOf({ litellm: provider }, told).expand(`litellm.${model}`)).toMatchObject([expected])
  })

  test('what the service says later counts from then on', () => {
    const told = { revision: 0, limits: undefined as Limits | undefined }
    const config = configSchema.parse({
      version: 1,
      virtualrouter: { providers: { litellm: { profile: 'litellm', auth: key, models: { m: {} } } } },
    })
    const reported = {
      get revision() {
        return told.revision
      },
      limitsOf: () => told.limits,
    }
    const catalog = createCatalog({ config, profiles, reported })
    expect(catalog.expand('litellm.m')[0]!.maxContextTokens).toBe(200_000)
    Object.assign(told, { revision: 1, limits: { maxContextTokens: 9000 } })
    expect(catalog.expand('litellm.m')[0]).toMatchObject({ maxContextTokens: 9000, limitFrom: 'reported' })
    expect(catalog.targets[0]!.maxContextTokens).toBe(9000)
  })
})

describe('what the model is called and understands', () => {
  function only(provider: Providers[string], model: string): Target {
    const [target] = catalogOf({ p: provider }).expand(`p.${model}`)
    return target!
  }

  test('a profile’s rename is for the wire alone', () => {
    const cli = {
      profile: 'gemini-cli',
      auth: { type: 'oauth', account: 'a' },
      models: { 'gemini-3.5-flash': {} },
    } as const
    expect(only(cli, 'gemini-3.5-flash')).toMatchObject({
      id: 'p.gemini-3.5-flash',
      model: 'gemini-3-flash',
      protocol: 'gemini-chat',
      envelope: 'code-assist',
      maxContextTokens: 1_048_576,
    })
  })

  test('the user’s rename makes a name of its own', () => {
    const azure = {
      profile: 'azure-openai',
      baseUrl: 'https://r.openai.azure.com/openai/v1',
      auth: key,
      modelMap: { fast: 'my-gpt-5' },
      models: { big: {} },
    }
    expect(only(azure, 'fast')).toMatchObject({
      id: 'p.fast',
      model: 'my-gpt-5',
      maxContextTokens: 272_000,
      dialect: { reasoningModel: true },
    })
    expect(only(azure, 'big')).toMatchObject({
      model: 'big',
      dialect: { reasoningModel: false, maxTokensField: 'max_completion_tokens' },
    })
  })

  test.each<[string, Providers[string], string, Partial<Target['dialect']>]>([
    [
      'gpt-5',
      { profile: 'openai', auth: key },
      'gpt-5-mini',
      { reasoningModel: true, thinking: 'reasoning_effort', maxTokensField: 'max_completion_tokens' },
    ],
    ['gpt-4o', { profile: 'openai', auth: key }, 'gpt-4o', { reasoningModel: false, thinking: 'none' }],
    [
      'GLM',
      { profile: 'glm', auth: key },
      'glm-4.7',
      { thinking: 'thinking_type', maxStops: 1, forcedToolChoice: false },
    ],
    ['DeepSeek', { profile: 'deepseek', auth: key }, 'deepseek-chat', { echoReasoning: true }],
    ['Qwen', { profile: 'qwen', auth: key }, 'qwen-plus', { thinking: 'enable_thinking' }],
    [
      'the provider’s word over the profile’s',
      { profile: 'glm', auth: key, dialect: { maxStops: 4 } },
      'glm-4.7',
      { maxStops: 4, thinking: 'thinking_type' },
    ],
    [
      'the model’s word over all',
      { profile: 'glm', auth: key, dialect: { maxStops: 4 }, models: { 'glm-4.7': { dialect: { maxStops: 2 } } } },
      'glm-4.7',
      { maxStops: 2 },
    ],
    [
      'parameters to drop add up',
      { profile: 'glm', auth: key, dropParams: ['seed'], dialect: { dropParams: ['user'] } },
      'glm-4.7',
      { dropParams: ['seed', 'user'] },
    ],
  ])('%s', (_what, provider, model, expected) => {
    expect(only(provider, model).dialect).toMatchObject(expected)
  })
})

describe('a provider with its profile applied', () => {
  test('takes the profile’s facts where the config is silent', () => {
    expect(catalogOf({ anthropic: { profile: 'anthropic', auth: key } }).provider('anthropic')).toMatchObject({
      id: 'anthropic',
      name: 'Anthropic',
      protocol: 'anthropic-messages',
      envelope: 'none',
      baseUrl: 'https://api.anthropic.com/v1',
      headers: { 'anthropic-version': '2023-06-01' },
      apiKeyHeader: 'x-api-key',
      credentials: [{ alias: 'default', type: 'apikey', secret: 'env:KEY' }],
      timeouts: { connectMs: 10_000, firstByteMs: 300_000, idleMs: 300_000 },
      discovery: 'anthropic',
      builtIn: false,
    })
  })

  test('takes the config’s word over the profile’s', () => {
    const provider = {
      profile: 'azure-openai',
      name: 'Mine',
      baseUrl: 'https://r.openai.azure.com/',
      apiVersion: '2024-10-21',
      auth: twoKeys,
      headers: { 'x-a': 'b' },
      timeouts: { idleMs: 5 },
      failures: [{ status: 418, kind: 'capacity' as const }],
      discovery: 'off' as const,
    }
    const resolved = catalogOf({ azure: provider }).provider('azure')!
    expect(resolved).toMatchObject({
      name: 'Mine',
      baseUrl: 'https://r.openai.azure.com',
      apiVersion: '2024-10-21',
      apiKeyHeader: 'api-key',
      headers: { 'x-a': 'b' },
      timeouts: { connectMs: 10_000, idleMs: 5 },
      discovery: 'none',
    })
    expect(resolved.credentials.map(({ alias }) => alias)).toEqual(['work', 'home'])
    expect(resolved.failures[0]).toEqual({ status: 418, kind: 'capacity' })
    expect(resolved.failures.length).toBeGreaterThan(5)
  })

  test.each([
    ['openai', 'openai-chat', 'authorization', 'openai-compatible'],
    ['openai-responses', 'openai-responses', 'authorization', 'openai-compatible'],
    ['gemini', 'gemini-chat', 'x-goog-api-key', 'gemini'],
    ['anthropic', 'anthropic-messages', 'x-api-key', 'anthropic'],
  ] as const)('a plain provider of type %s', (type, protocol, apiKeyHeader, profile) => {
    const resolved = catalogOf({ plain: { type, baseUrl: 'http://h/v1' } }).provider('plain')
    expect(resolved).toMatchObject({ name: 'plain', protocol, apiKeyHeader, profile, baseUrl: 'http://h/v1' })
  })

  test('without a word about auth: none where none is asked for, else a key that is not there yet', () => {
    const catalog = catalogOf({ ollama: { profile: 'ollama' }, openai: { profile: 'openai' } })
    expect(catalog.provider('ollama')!.credentials).toEqual([{ alias: 'default', type: 'none' }])
    expect(catalog.provider('openai')!.credentials).toEqual([{ alias: 'default', type: 'apikey' }])
  })

  test('demo is built in and takes any model', () => {
    const catalog = catalogOf({ demo: { profile: 'demo' } })
    expect(catalog.provider('demo')).toMatchObject({ builtIn: true, discovery: 'none' })
    expect(ids(catalog.expand('demo.*', 'gemini-3.5-flash'))).toEqual(['demo.gemini-3.5-flash'])
  })

  test('a profile that is gone is said so', () => {
    const catalog = catalogOf({ p: { profile: 'gone', models: { m: {} } } })
    expect(catalog.provider('p')).toBeUndefined()
    expect(catalog.skippedBecause('p.m')).toMatch(/profile gone of provider p does not exist/)
  })
})
