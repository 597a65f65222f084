import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outcomeOf, scenarios } from '../helpers/cli-scenarios.ts'
import { type GatewayOptions, startGateway } from '../helpers/gateway-process.ts'
import { runGeminiCli } from '../helpers/gemini-cli.ts'
import { type LitellmProxy, startLitellm } from '../helpers/litellm-proxy.ts'
import { litellmVenv } from '../helpers/litellm-venv.ts'
import { azureGate } from '../helpers/provider-gates.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { type Answer, type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

const azure = { key: 'azure-key', deployment: 'gpt-5-eu', apiVersion: '2024-10-21' }
const proxyKey = 'sk-proxy-key'
const rateLimit: Answer = {
  status: 429,
  headers: { 'retry-after': '1' },
  json: { error: { code: '429', message: 'Requests have exceeded token rate limit. Please retry after 1 second.' } },
}

const venv = await litellmVenv()
if ('skipped' in venv) console.log(`LiteLLM tests skipped: ${venv.skipped}`)

// Every scenario has a model group of its own, and behind it an Azure resource of its own.
const throughProxy = scenarios.filter((scenario) => !scenario.wrongKey)
const groupOf = new Map(throughProxy.map((scenario, index) => [scenario, `azure-gpt-5-${index}`]))
const resources = new Map<string, ScriptedProvider>()
let proxy: LitellmProxy

/** A model group of the proxy: one deployment at the resource of that name. */
function modelGroup(
  name: string,
  { api_key = azure.key, deployment = azure.deployment, api_version = azure.apiVersion } = {},
) {
  const { url: api_base } = resources.get(name)!
  return {
    model_name: name,
    litellm_params: { model: `azure/${deployment}`, api_base, api_key, api_version },
    model_info: { base_model: 'azure/gpt-5' },
  }
}

function serving(group: string, key = proxyKey): GatewayOptions {
  const backend = {
    profile: 'litellm',
    baseUrl: proxy.baseUrl,
    auth: { type: 'apikey', secret: 'env:LITELLM_API_KEY' },
    models: { [group]: {} },
  }
  const routing = { default: [{ targets: [`backend.${group}`] }] }
  return {
    env: { LITELLM_API_KEY: key },
    config: { version: 1, virtualrouter: { providers: { backend }, routing } },
  }
}

describe.skipIf('skipped' in venv).concurrent('a real LiteLLM proxy in front of Azure', () => {
  beforeAll(async () => {
    for (const name of [...groupOf.values(), 'plain', 'wrong-azure-key', 'no-deployment', 'old-version']) {
      resources.set(
        name,
        await startScriptedProvider(
          modelThat(() => ({ text: `From ${name}.` })),
          azureGate(azure),
        ),
      )
    }
    if (!('python' in venv)) return
    proxy = await startLitellm({
      python: venv.python,
      key: proxyKey,
      config: {
        model_list: [
          ...[...groupOf.values(), 'plain'].map((name) => modelGroup(name)),
          modelGroup('wrong-azure-key', { api_key: 'not-the-key' }),
          modelGroup('no-deployment', { deployment: 'no-such-deployment' }),
          modelGroup('old-version', { api_version: '2019-01-01' }),
        ],
        litellm_settings: { drop_params: true },
        router_settings: { num_retries: 0, model_group_alias: { 'gemini-3.8-flash': 'plain' } },
      },
    })
  })
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]()
    for (const resource of resources.values()) await resource.close()
  })

  for (const scenario of throughProxy) {
    test(`the Gemini CLI: ${scenario.name}`, async () => {
      const resource = resources.get(groupOf.get(scenario)!)!
      scenario.script(resource, { rateLimit })
      await using gateway = await startGateway(serving(groupOf.get(scenario)!))
      const run = await runGeminiCli({ url: gateway.url, key: gateway.clientKey!, ...scenario.cli })
      scenario.check(outcomeOf(run, resource))
    })
  }

  test('started from LITELLM_PROXY_URL alone, with an alias at the proxy', async () => {
    await using gateway = await startGateway({ env: { LITELLM_PROXY_URL: proxy.url, LITELLM_API_KEY: proxyKey } })
    const run = await runGeminiCli({
      url: gateway.url,
      key: gateway.clientKey!,
      prompt: 'hello',
      model: 'gemini-3.8-flash',
    })
    expect(run).toMatchObject({ exitCode: 0, stdout: 'From plain.\n' })
  })

  // Faults are told apart in words: whose key, whose name, whose version.
  const faults: [name: string, group: string, key: string, words: RegExp][] = [
    ['the key of the proxy is wrong', 'plain', 'sk-wrong', /proxy/i],
    ['the key of Azure behind the proxy is wrong', 'wrong-azure-key', proxyKey, /behind the (LiteLLM )?proxy.*api_key/],
    ['the deployment is missing', 'no-deployment', proxyKey, /deployment/i],
    ['the api-version is wrong', 'old-version', proxyKey, /not found|api.version|deployment/i],
    ['the model is not in the proxy', 'no-such-group', proxyKey, /no-such-group/],
  ]
  test.each(faults)('%s: one try, one sentence', async (_name, group, key, words) => {
    await using gateway = await startGateway(serving(group, key))
    const run = await runGeminiCli({
      url: gateway.url,
      key: gateway.clientKey!,
      prompt: 'hello',
      model: 'gemini-3.8-flash',
    })
    expect(run.exitCode).not.toBe(0)
    expect(run.stderr).toMatch(words)
    expect(run.stderr).not.toContain(key)
    const asked = resources.get(group)?.requests.filter(({ method }) => method === 'POST') ?? []
    if (group !== 'plain') expect(asked.length).toBeLessThanOrEqual(1)
  })

  test('limits are read from the proxy', async ({ expect }) => {
    await using gateway = await startGateway(serving('plain'))
    const list = async (): Promise<unknown> => {
      const headers = { 'x-goog-api-key': gateway.clientKey! }
      return (await fetch(`${gateway.url}/v1beta/models/backend.plain`, { headers })).json()
    }
    await expect.poll(list, { timeout: 20_000, interval: 200 }).toMatchObject({ inputTokenLimit: 272_000 })
  })
})
