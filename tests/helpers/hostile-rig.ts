import { expect, vi } from 'vitest'
import type { Dialect } from './callers.ts'
import type { Reply } from './cases/send.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { type Script, type ScriptedProvider, startScriptedProvider } from './scripted-provider.ts'

export { callOf, type Dialect, dialects } from './callers.ts'

/** A gateway with two backends of which every answer can be scripted, and secrets that must never be seen. */
export interface HostileRig {
  gateway: GatewayProcess
  provider: ScriptedProvider
  /** How many exchanges the gateway counts as open. */
  openExchanges(): Promise<number>
  residentMb(): Promise<number>
  /** The process lives, nothing is open, and no output holds a key. */
  checkUnharmed(): Promise<void>
  close(): Promise<void>
}

export const providerKey = 'sk-provider-0123456789abcdefghijklmnop'

export interface HostileConfig {
  version: number
  gateway: object
  virtualrouter: { providers: Record<string, object>; modelMapping: Record<string, string>; [key: string]: unknown }
}

/** Models `chat-…` go to an OpenAI-like service, `gemini-…` to a Gemini-like one, both at the same socket. */
export function hostileConfig(provider: { url: string }, more: Record<string, unknown> = {}): HostileConfig {
  const common = {
    auth: { type: 'apikey', secret: 'env:PROVIDER_KEY' },
    models: { '*': {} },
    discovery: 'off',
    timeouts: { firstByteMs: 1500, idleMs: 700 },
  }
  return {
    version: 1,
    gateway: { bodyLimitMb: 8 },
    virtualrouter: {
      providers: {
        chat: { type: 'openai', baseUrl: `${provider.url}/v1`, ...common },
        gem: { type: 'gemini', baseUrl: `${provider.url}/v1beta`, ...common },
      },
      modelMapping: { 'chat-*': 'chat.*', 'gemini-*': 'gem.*', '*': 'chat.*' },
      routing: { default: [{ targets: ['chat.*'] }] },
      retry: { attempts: 1 },
      health: { failureThreshold: 1000, cooldownMs: 1 },
      ...more,
    },
  }
}

export async function startHostileRig(script: Script, more: Record<string, unknown> = {}): Promise<HostileRig> {
  const provider = await startScriptedProvider(script)
  const gateway = await startGateway({
    config: hostileConfig(provider, more),
    env: { PROVIDER_KEY: providerKey, PATCHBAY_LOG: 'debug' },
  })
  const gauge = async (name: string): Promise<number> => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  }
  const openExchanges = () => gauge('patchbay_open_exchanges')
  return {
    gateway,
    provider,
    openExchanges,
    residentMb: async () => (await gauge('process_resident_memory_bytes')) / 1024 / 1024,
    async checkUnharmed() {
      expect(await (await fetch(`${gateway.url}/healthz`)).text()).toBe('ok\n')
      await vi.waitFor(async () => expect(await openExchanges()).toBe(0), { timeout: 20_000 })
      checkOutputs(gateway)
    },
    async close() {
      await gateway.stop()
      await provider.close()
      checkOutputs(gateway)
    },
  }
}

/** stdout is JSON lines, and only its first line names the client key; stderr holds no secret and no accident of ours. */
export function checkOutputs(gateway: GatewayProcess): void {
  const [first, ...others] = gateway.stdout().trimEnd().split('\n')
  expect(JSON.parse(first!)).toMatchObject({ event: 'listening' })
  for (const line of others) JSON.parse(line)
  const said = others.join('\n') + gateway.stderr()
  const keys = [providerKey, ...(gateway.clientKey ? [gateway.clientKey] : [])]
  const lines = said.split('\n')
  expect(lines.find((line) => keys.some((key) => line.includes(key)))).toBeUndefined()
  expect(lines.find((line) => /"level":"error"|UnhandledPromise/.test(line))).toBeUndefined()
}

/** A refusal as this caller can read it: its own status, words for a person, nothing of our insides. */
export function checkRefusal(
  dialect: Dialect,
  reply: Pick<Reply, 'status' | 'raw'>,
  status: number | number[],
): string {
  const because = reply.raw.slice(0, 500)
  const allowed = Array.isArray(status) ? status : [status]
  expect(allowed, `${reply.status}: ${because}`).toContain(reply.status)
  const { error } = JSON.parse(reply.raw) as { error: Record<string, unknown> }
  checkWords(String(error.message))
  if (dialect === 'gemini') {
    expect(error, because).toMatchObject({ code: reply.status, status: expect.stringMatching(/^[A-Z_]+$/) })
  } else expect(error, because).toMatchObject({ type: expect.stringMatching(/^[a-z_]+$/) })
  return String(error.message)
}

/** A sentence for a person. */
export function checkWords(message: string): void {
  expect(message.length).toBeGreaterThan(15)
  expect(message.length).toBeLessThan(2000)
  expect(message).not.toMatch(/\n\s+at |node:|Patchbay failed on this request|undefined|\[object/)
  expect(message).not.toContain(providerKey)
}
