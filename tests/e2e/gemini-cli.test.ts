import { describe, expect, test } from 'vitest'
import { type Faults, outcomeOf, type Scenario, scenarios } from '../helpers/cli-scenarios.ts'
import { type GatewayOptions, startGateway } from '../helpers/gateway-process.ts'
import { runGeminiCli } from '../helpers/gemini-cli.ts'
import { azureGate, geminiGate, openaiGate } from '../helpers/provider-gates.ts'
import { easyVerdict, modelThat } from '../helpers/scripted-model.ts'
import { type Answer, type Gate, type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

const key = 'provider-key'

/** One way to stand behind the gateway: the service's front door, and how a user configures it. */
interface Road {
  name: string
  gate: Gate
  gateway(provider: ScriptedProvider, key: string): GatewayOptions
  faults: Faults
}

/** A config with one provider called `backend` that serves everything. */
function serving(settings: Record<string, unknown>, target: string, secret: string): GatewayOptions {
  const backend = { auth: { type: 'apikey', secret: 'env:BACKEND_KEY' }, models: { '*': {} }, ...settings }
  return {
    env: { BACKEND_KEY: secret },
    config: { version: 1, virtualrouter: { providers: { backend }, routing: { default: [{ targets: [target] }] } } },
  }
}

const openaiRateLimit: Answer = {
  status: 429,
  headers: { 'retry-after': '1' },
  json: { error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
}
const azureRateLimit: Answer = {
  status: 429,
  headers: { 'retry-after': '1' },
  json: { error: { code: '429', message: 'Requests have exceeded token rate limit. Please retry after 1 second.' } },
}
const geminiRateLimit: Answer = {
  status: 429,
  json: {
    error: {
      code: 429,
      message: 'Resource exhausted. Please retry in 1s.',
      status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' }],
    },
  },
}

const roads: Road[] = [
  {
    name: 'gemini',
    gate: geminiGate(key),
    gateway: ({ url }, secret) => serving({ profile: 'gemini', baseUrl: `${url}/v1beta` }, 'backend.*', secret),
    faults: { rateLimit: geminiRateLimit },
  },
  {
    name: 'azure-openai, classic deployments',
    gate: azureGate({ key, deployment: 'gpt-5-eu', apiVersion: '2024-10-21' }),
    gateway: ({ url }, secret) =>
      serving({ profile: 'azure-openai', baseUrl: url, apiVersion: '2024-10-21' }, 'backend.gpt-5-eu', secret),
    faults: { rateLimit: azureRateLimit },
  },
  {
    name: 'azure-openai, v1',
    gate: azureGate({ key, deployment: 'gpt-5-eu' }),
    gateway: ({ url }, secret) =>
      serving({ profile: 'azure-openai', baseUrl: `${url}/openai/v1` }, 'backend.gpt-5-eu', secret),
    faults: { rateLimit: azureRateLimit },
  },
  {
    name: 'openai-compatible',
    gate: openaiGate(key),
    gateway: ({ url }, secret) =>
      serving({ profile: 'openai-compatible', baseUrl: `${url}/v1` }, 'backend.some-model', secret),
    faults: { rateLimit: openaiRateLimit },
  },
]

async function play(road: Road, scenario: Scenario): Promise<void> {
  await using provider = await startScriptedProvider({ status: 500 }, road.gate)
  scenario.script(provider, road.faults)
  await using gateway = await startGateway(road.gateway(provider, scenario.wrongKey ? 'wrong-key' : key))
  const run = await runGeminiCli({ url: gateway.url, key: gateway.clientKey!, ...scenario.cli })
  scenario.check(outcomeOf(run, provider))
  for (const request of provider.requests) expect(request.rawHeaders.join()).not.toContain(gateway.clientKey)
}

// Concurrent as a whole, scenario by scenario: the slow backends wait beside everything else.
describe.concurrent('the Gemini CLI through the gateway', () => {
  for (const scenario of scenarios) {
    for (const road of roads) test(`${road.name}: ${scenario.name}`, () => play(road, scenario))
  }

  const ask = async (cli: { prompt: string; flags?: string[]; model?: string; files?: Record<string, string> }) => {
    await using gateway = await startGateway()
    return await runGeminiCli({ url: gateway.url, key: gateway.clientKey!, ...cli })
  }

  test('demo, nothing configured: plain answer, auto model', async () => {
    const run = await ask({ prompt: 'say hello' })
    expect(run).toMatchObject({ exitCode: 0 })
    expect(run.stdout).toContain('demo')
  })

  test('demo: tool round trip', async () => {
    const run = await ask({ prompt: 'call the tool list_directory', files: { 'seen-by-the-tool.txt': '' } })
    expect(run).toMatchObject({ exitCode: 0 })
    expect(run.stdout).toContain('seen-by-the-tool.txt')
  })

  test('demo: --output-format json', async () => {
    const run = await ask({ prompt: 'say hello', model: 'gemini-3.8-flash', flags: ['--output-format', 'json'] })
    expect(JSON.parse(run.stdout)).toMatchObject({ response: expect.stringContaining('demo') })
  })

  const compatible = roads.find((road) => road.name === 'openai-compatible')!
  const azure = { key, deployment: 'gpt-5-eu', apiVersion: '2024-10-21' }

  test('azure-openai from the environment alone', async () => {
    await using provider = await startScriptedProvider(
      modelThat(() => ({ text: 'From Azure.' })),
      azureGate(azure),
    )
    await using gateway = await startGateway({
      env: {
        AZURE_OPENAI_ENDPOINT: provider.url,
        AZURE_API_KEY: key,
        AZURE_API_VERSION: azure.apiVersion,
        AZURE_OPENAI_DEPLOYMENT: azure.deployment,
      },
    })
    const run = await runGeminiCli({ url: gateway.url, key: gateway.clientKey!, prompt: 'hello' })
    expect(run).toMatchObject({ exitCode: 0, stdout: 'From Azure.\n' })
  })

  test('Code Assist: start-up, router, a tool', async () => {
    const script = modelThat(({ results, request }) => {
      if (request.body.includes('model_choice')) return { text: '{"reasoning":"simple","model_choice":"flash"}' }
      return results.length === 0
        ? { calls: [{ id: 'call-1', name: 'read_file', args: { file_path: 'note.txt' } }] }
        : { text: `It says ${/\d+/.exec(results.join())?.[0]}.` }
    })
    await using provider = await startScriptedProvider(script, compatible.gate)
    await using gateway = await startGateway(compatible.gateway(provider, key))
    const run = await runGeminiCli({
      url: gateway.url,
      key: gateway.clientKey!,
      road: 'code-assist',
      prompt: 'read the note',
      files: { 'note.txt': 'the note says 4711\n' },
    })
    expect(run).toMatchObject({ exitCode: 0, stdout: 'It says 4711.\n' })
  })

  test('a router call that never ends does not hold up the answer', async () => {
    const answer = modelThat(({ router }) => (router ? easyVerdict : { text: 'Not held up.' }))
    await using provider = await startScriptedProvider((request) => {
      const hangs = request.body.includes('complexity_score')
      return hangs ? { cut: { at: 'headers', how: 'hang' } } : answer(request)
    }, compatible.gate)
    await using gateway = await startGateway(compatible.gateway(provider, key))
    const run = await runGeminiCli({ url: gateway.url, key: gateway.clientKey!, prompt: 'hello' })
    expect(run).toMatchObject({ exitCode: 0, stdout: 'Not held up.\n' })
    // the CLI itself would give up on its router after a minute, and try again
    expect(run.ms).toBeLessThan(55_000)
  })

  test('a router answer that is no JSON does not hold up the answer', async () => {
    const script = modelThat(({ router }) => (router ? { text: 'Well, let me think.' } : { text: 'Not held up.' }))
    await using provider = await startScriptedProvider(script, compatible.gate)
    await using gateway = await startGateway(compatible.gateway(provider, key))
    const run = await runGeminiCli({ url: gateway.url, key: gateway.clientKey!, prompt: 'hello' })
    expect(run).toMatchObject({ exitCode: 0, stdout: 'Not held up.\n' })
    expect(outcomeOf(run, provider).asked).toHaveLength(2)
  })

  test('a wrong client key is told at once', async () => {
    await using provider = await startScriptedProvider(
      modelThat(() => ({ text: 'never' })),
      compatible.gate,
    )
    await using gateway = await startGateway(compatible.gateway(provider, key))
    const run = await runGeminiCli({ url: gateway.url, key: 'not-the-key', prompt: 'hello', model: 'gemini-3.8-flash' })
    expect(run.exitCode).not.toBe(0)
    expect(run.stderr).toContain('UNAUTHENTICATED')
    expect(outcomeOf(run, provider).asked).toHaveLength(0)
  })
})
