import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src-core/config/parse.ts'
import type { Problem } from '../../../src-core/config/problem.ts'
import { knownProfiles } from './known-profiles.ts'

const parse = (text: string) => parseConfig(text, { knownProfiles })

function config(text: string) {
  const parsed = parse(text)
  if ('problems' in parsed)
    throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return parsed.config
}

function problems(text: string): Problem[] {
  const parsed = parse(text)
  return 'problems' in parsed ? parsed.problems : []
}

const lines = (text: string) => problems(text).map(({ path, message }) => `${path}: ${message}`)

const whole = `
version: 1
gateway:
  host: 127.0.0.1
  port: 4141
  clientAuth: { mode: key }
  allowedOrigins: []
  bodyLimitMb: 64
virtualrouter:
  providers:
    litellm:
      profile: litellm
      baseUrl: http://127.0.0.1:4000/v1/
      enabled: true
      auth: { type: apikey, secret: "env:LITELLM_API_KEY" }
      headers: {}
      models:
        azure-gpt-5: { maxContextTokens: 272000, maxOutputTokens: 128000 }
    gemini:
      profile: gemini
      auth: { type: client }
      models: { gemini-3.5-flash: {}, gemini-3-pro-preview: { maxContextTokens: 1048576 } }
    glm:
      profile: glm
      auth: [{ alias: work, type: apikey, secret: "env:GLM_A" }, { alias: home, type: apikey, secret: "file:~/glm" }]
  modelMapping:
    "gemini-*-flash*": litellm.azure-gpt-5
    "azure-*": litellm.*
    deep: route:longcontext
    pinned: "glm[work].glm-4.7"
  routing:
    default:
      - { id: main, targets: [litellm.azure-gpt-5], strategy: priority }
      - { id: spare, backup: true, targets: [gemini.gemini-3.5-flash, { target: "glm[home].glm-4.7", weight: 2 }] }
    longcontext:
      - { targets: [gemini.gemini-3-pro-preview] }
  activeGroup: native
  routingGroups:
    native: { label: "Gemini, native", routing: { default: [{ targets: ["gemini.*"] }] } }
  contextRouting: { warnRatio: 0.9, hardLimit: false }
  health: { failureThreshold: 3, cooldownMs: 30000, fatalCooldownMs: 300000 }
  retry: { attempts: 3, deadlineMs: 600000, maxWaitMs: 10000 }
  timeouts: { connectMs: 10000, firstByteMs: 300000, idleMs: 300000 }
  classifier: { longContextThresholdTokens: 180000 }
  webSearch:
    injectPolicy: selective
    maxSearches: 3
    engines:
      - { id: glm, providerKey: glm.glm-4.7, description: "…", default: true }
      - { id: google, providerKey: gemini.gemini-3.5-flash }
`

/** A config around one provider; \`rest\` goes under virtualrouter. */
const around = (
  rest: string,
  provider = '{ type: openai, baseUrl: "http://x.example/v1", models: { a: {}, b.c-1.5: {} } }',
) => `virtualrouter:\n  providers:\n    p: ${provider}\n${rest}`
const route = '  routing: { default: [{ targets: [p.a] }] }\n'

describe('a valid file', () => {
  test('the whole of the contract', () => {
    const { gateway, virtualrouter } = config(whole)
    expect(gateway.port).toBe(4141)
    expect(virtualrouter.providers.litellm).toMatchObject({
      profile: 'litellm',
      baseUrl: 'http://127.0.0.1:4000/v1',
      auth: { type: 'apikey', secret: 'env:LITELLM_API_KEY' },
      discovery: 'on',
    })
    expect(virtualrouter.routing.default).toHaveLength(2)
    expect(virtualrouter.routing.default?.[1]?.targets[1]).toEqual({ target: 'glm[home].glm-4.7', weight: 2 })
    expect(Object.keys(virtualrouter.modelMapping)).toEqual(['gemini-*-flash*', 'azure-*', 'deep', 'pinned'])
    expect(virtualrouter.activeGroup).toBe('native')
  })

  test('what is left out has the defaults of the contract', () => {
    const { version, gateway, logs, virtualrouter } = config(around(route))
    const { providers: _providers, routing: _routing, ...rest } = virtualrouter
    expect({ version, gateway, logs, ...rest }).toEqual({
      version: 1,
      logs: { days: 7, maxMb: 100 },
      gateway: {
        host: '127.0.0.1',
        port: 4141,
        clientAuth: { mode: 'key' },
        allowedOrigins: [],
        recordBodies: false,
        bodyLimitMb: 64,
      },
      modelMapping: {},
      activeGroup: 'default',
      routingGroups: {},
      contextRouting: { warnRatio: 0.9, hardLimit: false },
      health: { failureThreshold: 3, cooldownMs: 30000, fatalCooldownMs: 300000 },
      retry: { attempts: 3, deadlineMs: 600000, maxWaitMs: 10000 },
      timeouts: { connectMs: 10000, firstByteMs: 300000, idleMs: 300000 },
      classifier: { longContextThresholdTokens: 180000 },
      webSearch: {
        injectPolicy: 'selective',
        maxSearches: 3,
        deadlineMs: 30000,
        replaceClientTool: false,
        engines: [],
      },
    })
  })

  test('it is frozen: a config is replaced, never changed', () => {
    const { virtualrouter } = config(around(route))
    expect(() => {
      virtualrouter.providers.p!.enabled = false
    }).toThrow(TypeError)
  })

  test.each([
    [
      'JSON',
      JSON.stringify({
        virtualrouter: { providers: { d: { profile: 'demo' } }, routing: { default: [{ targets: ['d.*'] }] } },
      }),
    ],
    ['a byte order mark and CRLF', `\uFEFF${around(route).replaceAll('\n', '\r\n')}`],
    ['anchors and aliases', around('  routing: { default: &pools [{ targets: [p.a] }], tools: *pools }\n')],
    [
      'merge keys',
      'virtualrouter:\n  providers:\n    p: &base { type: openai, baseUrl: "http://x.example/v1", models: { a: {} } }\n' +
        `    q: { <<: *base, enabled: false }\n${route}`,
    ],
    ['a model with dots', around('  routing: { default: [{ targets: [p.b.c-1.5] }] }\n')],
    [
      'a model through the wildcard',
      around(
        '  routing: { default: [{ targets: [p.any/thing:8b] }] }\n',
        '{ type: openai, baseUrl: "http://x.example/v1", models: { "*": {} } }',
      ),
    ],
    [
      'a model the profile knows',
      around('  routing: { default: [{ targets: [p.gemini-9] }] }\n', '{ profile: gemini }'),
    ],
    [
      'a model the provider renames',
      around(
        '  routing: { default: [{ targets: [p.fast] }] }\n',
        '{ profile: gemini, models: { a: {} }, modelMap: { fast: a } }',
      ),
    ],
    ['a mapping of everything and no default route', around('  modelMapping: { "*": p.* }\n')],
    [
      'a group and no routing at the top',
      around('  routingGroups: { g: { routing: { default: [{ targets: [p.a] }] } } }\n'),
    ],
    [
      'an oauth spelling',
      around(route, '{ profile: gemini, models: { a: {} }, auth: { type: gemini-cli-oauth, account: work } }'),
    ],
    [
      'keys of the profile',
      around(
        route,
        '{ type: openai, baseUrl: "http://x.example/v1", models: { a: {} }, dropParams: [top_k], failures: [{ status: [429, 503], code: "1113", kind: quota-exhausted, say: "No balance." }], waits: [{ message: "again in ([0-9.]+)s", unit: s }], apiVersion: "2024-10-21", timeouts: { idleMs: 5 } }',
      ),
    ],
    ['no client key on a loopback host', `gateway: { host: "::1", clientAuth: { mode: none } }\n${around(route)}`],
    [
      'a route of the user’s own',
      around(
        '  routing: { default: [{ targets: [p.a] }], coding: [{ targets: [p.a] }] }\n  modelMapping: { x: route:coding }\n',
      ),
    ],
    [
      'a route in another group, mapped at the top',
      around(
        `${route}  modelMapping: { x: route:deep }\n  routingGroups: { g: { routing: { default: [{ targets: [p.a] }], deep: [{ targets: [p.a] }] } } }\n`,
      ),
    ],
  ])('%s', (_name, text) => {
    expect(lines(text)).toEqual([])
  })

  test('a merged provider has what it merges', () => {
    const { providers } = config(
      `virtualrouter:\n  providers:\n    p: &base { type: openai, baseUrl: "http://x.example/v1", models: { a: {} } }\n    q: { <<: *base, enabled: false }\n${route}`,
    ).virtualrouter
    expect(providers.q).toMatchObject({ type: 'openai', baseUrl: 'http://x.example/v1', enabled: false })
  })

  test.each([
    ['0.5', 0.5],
    ['"0.75"', 0.75],
    ['0', 0.1],
    ['1', 0.99],
    ['90', 0.99],
    ['-3', 0.1],
  ])('warnRatio %s counts as %d', (written, ratio) => {
    expect(
      config(around(`${route}  contextRouting: { warnRatio: ${written} }\n`)).virtualrouter.contextRouting.warnRatio,
    ).toBe(ratio)
  })

  test('an oauth spelling is oauth', () => {
    const auth = '{ profile: gemini, models: { a: {} }, auth: { type: qwen-oauth, account: work } }'
    expect(config(around(route, auth)).virtualrouter.providers.p?.auth).toEqual({ type: 'oauth', account: 'work' })
  })
})

describe('what is wrong, where and why', () => {
  const model = (limits: string) => `{ type: openai, baseUrl: "http://x.example/v1", models: { a: ${limits} } }`
  const limit = 'virtualrouter.providers.p.models.a.maxContextTokens'

  test.each([
    // keys
    ['an unknown key', 'gatewy: {}\n', 'gatewy: unknown key'],
    ['a key twice', `${around(route)}  routing: {}\n`, 'virtualrouter.routing: stands here twice'],
    ['a provider twice', around(`    p: { profile: demo }\n${route}`), 'virtualrouter.providers.p: stands here twice'],
    [
      'a mapping twice',
      around(`${route}  modelMapping: { "a-*": p.a, "a-*": p.a }\n`),
      'virtualrouter.modelMapping["a-*"]: stands here twice',
    ],
    [
      'a provider named with a dot',
      'virtualrouter: { providers: { a.b: { profile: demo } } }\n',
      'virtualrouter.providers["a.b"]: is not a usable name',
    ],
    [
      '__proto__',
      'virtualrouter: { providers: { __proto__: { profile: demo } } }\n',
      'virtualrouter.providers: has a key that is not usable',
    ],
    // values
    ['a port out of range', `gateway: { port: 70000 }\n${around(route)}`, 'gateway.port: must be 65535 or less'],
    ['a port as text', `gateway: { port: "4141" }\n${around(route)}`, 'gateway.port: must be a number'],
    ['a window of 0', around(route, model('{ maxContextTokens: 0 }')), `${limit}: must be 1 or more`],
    ['a negative window', around(route, model('{ maxContextTokens: -5 }')), `${limit}: must be 1 or more`],
    ['a window that is no number', around(route, model('{ maxContextTokens: .nan }')), `${limit}: must be a number`],
    ['a window without end', around(route, model('{ maxContextTokens: .inf }')), `${limit}: must be a number`],
    ['a window as text', around(route, model('{ maxContextTokens: "128000" }')), `${limit}: must be a number`],
    ['a broken window', around(route, model('{ maxContextTokens: 1.5 }')), `${limit}: must be a whole number`],
    [
      'an empty model',
      around(route, model('')),
      'virtualrouter.providers.p.models.a: must be a mapping (key: value), and is empty',
    ],
    [
      'a warnRatio in words',
      around(`${route}  contextRouting: { warnRatio: "90%" }\n`),
      'virtualrouter.contextRouting.warnRatio: is not a number',
    ],
    [
      'a wrong strategy',
      around('  routing: { default: [{ targets: [p.a], strategy: random }] }\n'),
      'virtualrouter.routing.default[0].strategy: must be priority, round-robin or weighted',
    ],
    [
      'a weight of 0',
      around('  routing: { default: [{ targets: [{ target: p.a, weight: 0 }] }] }\n'),
      'virtualrouter.routing.default[0].targets[0].weight: must be above 0',
    ],
    [
      'an origin with a path',
      `gateway: { allowedOrigins: ["http://a.example/x"] }\n${around(route)}`,
      'gateway.allowedOrigins[0]: is not an origin',
    ],
    [
      'an address with a password',
      around(route, '{ type: openai, baseUrl: "http://u:hush@x.example/v1", models: { a: {} } }'),
      'virtualrouter.providers.p.baseUrl: must not hold a user name or password; use auth',
    ],
    [
      'a key in the address',
      around(route, '{ type: openai, baseUrl: "http://x.example/v1?key=hush", models: { a: {} } }'),
      'virtualrouter.providers.p.baseUrl: must not hold a query; a key belongs under auth',
    ],
    [
      'the number of a project',
      around(route, '{ profile: demo, project: "1234567890" }'),
      'virtualrouter.providers.p.project: is not the id of a project',
    ],
    [
      'a key among the headers',
      around(route, '{ profile: demo, headers: { Authorization: hush } }'),
      'virtualrouter.providers.p.headers.Authorization: is set by Patchbay itself; a credential belongs under auth',
    ],
    [
      'a pattern that is none',
      around(route, '{ profile: demo, failures: [{ message: "(", kind: capacity }] }'),
      'virtualrouter.providers.p.failures[0].message: is not a regular expression',
    ],
    [
      'no key for everyone',
      `gateway: { host: 0.0.0.0, clientAuth: { mode: none } }\n${around(route)}`,
      'gateway.clientAuth.mode: none is refused while the host is 0.0.0.0: anyone on the network could use your providers',
    ],
    // versions
    ['a later version', `version: 2\n${around(route)}`, 'version: is newer than this Patchbay understands'],
    ['a version in words', `version: one\n${around(route)}`, 'version: is not a version'],
    // auth
    [
      'a literal secret',
      around(route, '{ profile: demo, auth: { type: apikey, secret: hush-hush } }'),
      'virtualrouter.providers.p.auth.secret: must be a reference, never the secret itself',
    ],
    [
      'an apikey without a secret',
      around(route, '{ profile: demo, auth: { type: apikey } }'),
      'virtualrouter.providers.p.auth.secret: is missing',
    ],
    [
      'auth that is a text',
      around(route, '{ profile: demo, auth: hush-hush }'),
      'virtualrouter.providers.p.auth: must be a mapping (key: value) or a list',
    ],
    [
      'A17: an alias twice',
      around(route, '{ profile: demo, auth: [{ alias: a, type: none }, { alias: a, type: none }] }'),
      'virtualrouter.providers.p.auth[1].alias: a second credential named a',
    ],
    [
      'no alias among several',
      around(route, '{ profile: demo, auth: [{ alias: a, type: none }, { type: none }] }'),
      'virtualrouter.providers.p.auth[1].alias: is missing',
    ],
    // references
    [
      'an unknown profile',
      around(route, '{ profile: litelm }'),
      'virtualrouter.providers.p.profile: unknown profile litelm',
    ],
    [
      'neither profile nor type',
      around(route, '{ models: { a: {} } }'),
      'virtualrouter.providers.p: needs a profile or a type',
    ],
    [
      'a type without an address',
      around(route, '{ type: openai, models: { a: {} } }'),
      'virtualrouter.providers.p.baseUrl: is missing',
    ],
    [
      'a profile without an address',
      around(route, '{ profile: litellm, models: { a: {} } }'),
      'virtualrouter.providers.p.baseUrl: is missing',
    ],
    [
      'A17: an unknown provider',
      around('  routing: { default: [{ targets: [q.a] }] }\n'),
      'virtualrouter.routing.default[0].targets[0]: unknown provider q',
    ],
    [
      'A17: an unknown model',
      around('  routing: { default: [{ targets: [p.a, p.z] }] }\n'),
      'virtualrouter.routing.default[0].targets[1]: unknown model z at provider p',
    ],
    [
      'an unknown model with a weight',
      around('  routing: { default: [{ targets: [{ target: p.z, weight: 2 }] }] }\n'),
      'virtualrouter.routing.default[0].targets[0].target: unknown model z at provider p',
    ],
    [
      'a model only the profile knows beside a list',
      around('  routing: { default: [{ targets: [p.gemini-9] }] }\n', '{ profile: gemini, models: { a: {} } }'),
      'virtualrouter.routing.default[0].targets[0]: unknown model gemini-9 at provider p',
    ],
    [
      'an unknown credential',
      around('  routing: { default: [{ targets: ["p[work].a"] }] }\n'),
      'virtualrouter.routing.default[0].targets[0]: unknown credential work at provider p',
    ],
    [
      'a target without a provider',
      around('  routing: { default: [{ targets: [a] }] }\n'),
      'virtualrouter.routing.default[0].targets[0]: a is no target',
    ],
    [
      'a mapping to an unknown model',
      around(`${route}  modelMapping: { x: p.z }\n`),
      'virtualrouter.modelMapping.x: unknown model z at provider p',
    ],
    [
      'a mapping that leads back to itself',
      around(`${route}  modelMapping: { p.a: p.b.c-1.5, p.b.c-1.5: p.a }\n`),
      'virtualrouter.modelMapping["p.a"]: leads back to itself: p.a -> p.b.c-1.5 -> p.a',
    ],
    [
      'a mapping to an unknown route',
      around(`${route}  modelMapping: { x: route:coding }\n`),
      'virtualrouter.modelMapping.x: unknown route coding',
    ],
    [
      'a pool named twice',
      around('  routing: { default: [{ id: m, targets: [p.a] }, { id: m, targets: [p.a] }] }\n'),
      'virtualrouter.routing.default[1].id: a second pool named m in this route',
    ],
    ['no default route', around(''), 'virtualrouter.routing.default: has no target'],
    [
      'A17: an empty default route',
      around('  routing: { default: [] }\n'),
      'virtualrouter.routing.default: has no target',
    ],
    [
      'a default route of empty pools',
      around('  routing: { default: [{ targets: [] }] }\n'),
      'virtualrouter.routing.default: has no target',
    ],
    [
      'a group without a default route',
      around(`${route}  routingGroups: { g: {} }\n`),
      'virtualrouter.routingGroups.g.routing.default: has no target',
    ],
    [
      'an unknown group',
      around(`${route}  activeGroup: azure\n`),
      'virtualrouter.activeGroup: unknown routing group azure',
    ],
    [
      'two groups named default',
      around(`${route}  routingGroups: { default: { routing: { default: [{ targets: [p.a] }] } } }\n`),
      'virtualrouter.routingGroups.default: a second group named default',
    ],
    [
      'an engine twice',
      around(`${route}  webSearch: { engines: [{ id: g, providerKey: p.a }, { id: g, providerKey: p.a }] }\n`),
      'virtualrouter.webSearch.engines[1].id: a second engine named g',
    ],
    [
      'A17: an engine at an unknown model; without a route of the engines it need not stand in one',
      around(`${route}  webSearch: { engines: [{ id: g, providerKey: p.z }] }\n`),
      'virtualrouter.webSearch.engines[0].providerKey: unknown model z at provider p',
    ],
    [
      'an engine without a model',
      around(`${route}  webSearch: { engines: [{ id: g, providerKey: "p.*" }] }\n`),
      'virtualrouter.webSearch.engines[0].providerKey: needs a model of its own',
    ],
    [
      'an engine that is not in the route web_search',
      around(
        '  routing: { default: [{ targets: [p.a] }], web_search: [{ targets: [p.a] }] }\n' +
          '  webSearch: { engines: [{ id: g, providerKey: p.a }, { id: h, providerKey: p.b.c-1.5 }] }\n',
      ),
      'virtualrouter.webSearch.engines[1].providerKey: p.b.c-1.5 is not in the route web_search',
    ],
    [
      'an engine of nobody',
      around(`${route}  webSearch: { engines: [{ id: g }] }\n`),
      'virtualrouter.webSearch.engines[0].providerKey: is missing, and so is service',
    ],
    [
      'an engine of two',
      around(
        `${route}  webSearch: { engines: [{ id: g, providerKey: p.a, service: brave, secret: "env:BRAVE_KEY" }] }\n`,
      ),
      'virtualrouter.webSearch.engines[0].service: does not go together with providerKey',
    ],
    [
      'a search service without its key',
      around(`${route}  webSearch: { engines: [{ id: g, service: tavily }] }\n`),
      'virtualrouter.webSearch.engines[0].secret: is missing',
    ],
    [
      'a SearXNG without its address',
      around(`${route}  webSearch: { engines: [{ id: g, service: searxng }] }\n`),
      'virtualrouter.webSearch.engines[0].baseUrl: is missing',
    ],
    [
      'an engine at a provider with a key of its own',
      around(`${route}  webSearch: { engines: [{ id: g, providerKey: p.a, secret: "env:K" }] }\n`),
      'virtualrouter.webSearch.engines[0].secret: belongs to a search service; a provider has its own',
    ],
    [
      'a key itself',
      around(`${route}  webSearch: { engines: [{ id: g, service: brave, secret: hush }] }\n`),
      'virtualrouter.webSearch.engines[0].secret: must be a reference, never the secret itself',
    ],
    [
      'a key among the options',
      around(`${route}  webSearch: { engines: [{ id: g, providerKey: p.a, options: { api_key: hush } }] }\n`),
      'virtualrouter.webSearch.engines[0].options.api_key: a credential does not belong here; use secret',
    ],
    // YAML
    [
      'an alias inside its own anchor',
      'virtualrouter: &a { providers: *a }\n',
      'virtualrouter.providers: refers to itself',
    ],
    ['a broken quote', 'gateway: { host: "hush }\n', 'line 2, column 1: a quote, bracket, colon or comma is missing'],
    ['a second document', `${around(route)}---\n{}\n`, 'line 5, column 1: a second document starts'],
    ['an unknown tag', 'gateway: !secret hush\n', 'line 1, column 10: an unknown tag (!name) is used'],
    ['a tab', 'gateway:\n\thost: x\n', 'line 2, column 1: a tab is used for indentation'],
    ['no mapping at all', '- a\n', '(file): must be a mapping (key: value)'],
    ['an empty file', '', '(file): must be a mapping (key: value), and is empty'],
  ])('%s', (_name, text, expected) => {
    expect(lines(text).map((line) => line.slice(0, expected.length))).toContain(expected)
  })

  test.each([70, 500, 5_000])('%d levels are refused', (depth) => {
    expect(problems('['.repeat(depth) + ']'.repeat(depth)).map(({ message }) => message)).toContain(
      'is nested too deeply',
    )
  })

  test('everything wrong is told at once', () => {
    const text = around(
      '  routing: { default: [{ targets: [p.a, q.b], strategi: x }] }\n  modelMapping: { x: route:nope }\n  activeGroup: g\n',
      '{ profile: openai-compatibel, modles: {}, models: { a: {} } }',
    )
    expect(lines(text)).toEqual([
      'virtualrouter.providers.p.modles: unknown key',
      'virtualrouter.routing.default[0].strategi: unknown key',
      'virtualrouter.providers.p.profile: unknown profile openai-compatibel',
      'virtualrouter.modelMapping.x: unknown route nope',
      'virtualrouter.routing.default[0].targets[1]: unknown provider q',
      'virtualrouter.activeGroup: unknown routing group g',
    ])
  })

  test.each([
    ['gatewy: {}\n', 'Did you mean gateway?'],
    ['virtualrouter: { providers: { p: { profile: gemni } } }\n', 'Did you mean gemini?'],
    [
      around('  routing: { default: [{ targets: [azure] }] }\n', '{ profile: demo, models: { azure: {} } }'),
      'Write provider.model, for example p.azure.',
    ],
    [
      around('  routing: { default: [{ targets: [p.gpt-5o] }] }\n', '{ profile: demo, models: { gpt-5: {} } }'),
      'Did you mean p.gpt-5? Otherwise declare it under virtualrouter.providers.p.models, or let any name through with "*": {}.',
    ],
    [around(`${route}  retry: { attemps: 1 }\n`), 'Did you mean attempts?'],
    ['gateway: { port: 99999 }\n', 'A port from 1 to 65535; 0 takes any free one.'],
  ])('%s has a hint', (text, hint) => {
    expect(problems(text).map((problem) => problem.hint)).toContain(hint)
  })

  test('a secret in the wrong place is never repeated', () => {
    const secret = 'sk-hush-0123456789'
    const places = [
      around(route, `{ profile: demo, auth: { type: apikey, secret: ${secret} } }`),
      around(route, `{ profile: demo, auth: { type: ${secret} } }`),
      around(route, `{ profile: demo, auth: ${secret} }`),
      around(route, `{ profile: demo, auth: [${secret}] }`),
      around(route, `{ profile: demo, headers: { authorization: ${secret} } }`),
      around(route, `{ profile: demo, baseUrl: "https://u:${secret}@x.example" }`),
      around(route, `{ profile: demo, baseUrl: "https://x.example/?key=${secret}" }`),
      `gateway: { host: "${secret}\n`,
      `secret: *${secret}\n`,
      `secret: !${secret} x\n`,
      `- ${secret}\nfoo: ${secret}\n`,
    ]
    for (const text of places) {
      expect(problems(text)).not.toEqual([])
      expect(JSON.stringify(problems(text))).not.toContain(secret)
    }
  })

  test('each with the line it stands on, or the nearest around it', () => {
    const text = `gatewy: {}
gateway:
  # a comment
  port: 70000
virtualrouter:
  providers:
    p: &p { profile: demo }
    p: *p
  routing:
    default:
      - targets: [p.a]
      - targets:
          - nobody.a
`
    const said = (text: string) => problems(text).map(({ path, line }) => [path, line])
    expect(said(text)).toEqual([['virtualrouter.providers.p', 8]])
    expect(said(text.replace('    p: *p\n', ''))).toEqual([
      ['gateway.port', 4],
      ['gatewy', 1],
      ['virtualrouter.routing.default[1].targets[0]', 12],
    ])
    expect(said('gateway: {}\nvirtualrouter:\n  activeGroup: default\n')).toEqual([
      ['virtualrouter.routing.default', 2],
    ])
    // what the path says is not said twice
    expect(said('gateway: {\n')).toEqual([[expect.stringMatching(/^line \d/), undefined]])
  })

  test('an alias bomb is refused before it unfolds', () => {
    const levels = Array.from({ length: 40 }, (_, level) => {
      const inner =
        level === 0
          ? 'x'
          : Array(10)
              .fill(`*a${level - 1}`)
              .join(', ')
      return `k${level}: &a${level} [${inner}]`
    })
    expect(lines(levels.join('\n'))).toEqual(['(file): its aliases unfold into far too much'])
  })
})

describe('junk', () => {
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'{}[]:,-*&!|>%@`"\'#?~ \n\tab<'), maxLength: 60 }),
    fc.json(),
    fc.array(fc.constantFrom(...whole.split('\n')), { maxLength: 30 }).map((part) => part.join('\n')),
    fc
      .tuple(fc.nat(whole.length), fc.nat(60), fc.string({ maxLength: 8 }))
      .map(([at, length, put]) => whole.slice(0, at) + put + whole.slice(at + length)),
  )

  test('is answered with problems, never with a throw', () => {
    fc.assert(
      fc.property(junk, (text) => {
        const parsed = parse(text)
        if ('config' in parsed) return
        expect(parsed.problems).not.toEqual([])
        for (const { path, message, hint } of parsed.problems) {
          expect([typeof path, typeof message, typeof hint]).toEqual(['string', 'string', 'string'])
          expect(path).not.toBe('')
          expect(message).not.toBe('')
        }
      }),
      { numRuns: 300 },
    )
  }, 60_000)

  test('any value in any place of a valid file is taken or refused in words', () => {
    const base = config(whole)
    const paths = leaves(JSON.parse(JSON.stringify(base)))
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const copy = JSON.parse(JSON.stringify(base))
        let at = copy
        for (const part of path.slice(0, -1)) at = at[part]
        at[path.at(-1)!] = value
        const parsed = parse(JSON.stringify(copy))
        if ('problems' in parsed) expect(parsed.problems).not.toEqual([])
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})

function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]))].filter(
    (each) => each.length > 0,
  )
}
