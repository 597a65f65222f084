import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { ask, type Client, clients } from '../drill/clients.ts'
import { callOf } from '../helpers/callers.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { type FlakyProvider, startFlakyProvider } from './flaky-provider.ts'
import { seededRandom } from './seeded-random.ts'
import { gauge, inspectable, type Memory, settledMemory } from './settled-memory.ts'

const targets = 20
const text = 'one two three four five six seven eight nine ten grüße 🚀'

/** Targets by turns of either protocol, all in one pool that takes turns, too; and one that nobody can reach. */
function configOf({ url }: FlakyProvider, more: Record<string, unknown>) {
  const provider = (index: number) => ({
    type: index % 2 === 0 ? 'openai' : 'gemini',
    baseUrl: `${url}/t${index}/${index % 2 === 0 ? 'v1' : 'v1beta'}`,
    auth: { type: 'none' },
    models: { model: {} },
    discovery: 'off',
  })
  const names = Array.from({ length: targets }, (_, index) => `t${index}`)
  return {
    version: 1,
    virtualrouter: {
      providers: {
        ...Object.fromEntries(names.map((name, index) => [name, provider(index)])),
        // nothing may listen on port 1
        dead: { ...provider(0), baseUrl: 'http://127.0.0.1:1/v1' },
      },
      modelMapping: { dead: 'dead.model' },
      routing: { default: [{ targets: names.map((name) => `${name}.model`), strategy: 'round-robin' }] },
      ...more,
    },
  }
}

export interface RequestsOptions {
  /** Requests before the first reading, which stands for 0. */
  warmUp: number
  /** How many requests between two readings, and how many readings after the first. */
  each: number
  readings: number
  read?(memory: Memory, requests: number): void
}

/** Requests of every kind: whole and streamed, failing over, refused, and left by their client. */
export async function sendMany({ warmUp, each, readings, read }: RequestsOptions): Promise<Memory[]> {
  const random = seededRandom(1)
  await using provider = await startFlakyProvider({ targets, failing: 2, redrawAfter: 500, text, gapMs: 0, random })
  // one try: what is soaked is the way of a request, not its waits
  const config = configOf(provider, { retry: { attempts: 1 } })
  await using gateway = await startGateway({ config, env: inspectable })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })
  const memory = await settledMemory(gateway)
  const found: Memory[] = []
  try {
    for (let reading = 0; reading <= readings; reading++) {
      let left = reading === 0 ? warmUp : each
      const sendNext = async () => {
        while (left-- > 0) await sendOne(left, gateway, agent)
      }
      await Promise.all(Array.from({ length: 32 }, sendNext))
      const now = await memory.read()
      found.push(now)
      read?.(now, reading * each)
    }
  } finally {
    memory.close()
    agent.destroy()
  }
  return found
}

async function sendOne(index: number, gateway: GatewayProcess, agent: http.Agent): Promise<void> {
  const client = clients[index % clients.length]!
  const asked = { url: gateway.url, key: gateway.clientKey!, agent }
  if (index % 50 === 7) return await leave(client, gateway)
  // every client by turns also asks for a target that stays down, as a tool would whose only target it is
  const model = Math.floor(index / clients.length) % 2 === 0 ? 'dead' : 'any'
  const { end, status, words } = await ask(client, model, asked)
  const wanted = model === 'dead' ? end === 'refusal' : end === 'answer' || end === 'refusal'
  if (!wanted) throw new Error(`${client.name}, asking for ${model}: ${end}, ${status} ${words}`)
}

/** A client that hangs up as soon as the answer begins. */
function leave({ dialect, stream }: Client, gateway: GatewayProcess): Promise<void> {
  const { path, headers, body } = callOf(dialect, 'any', { key: gateway.clientKey!, stream })
  return new Promise((resolve) => {
    const request = http.request(new URL(path, gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      agent: false,
    })
    request.on('response', () => request.destroy())
    request.on('error', () => {}) // hanging up is meant
    request.on('close', () => resolve())
    request.end(JSON.stringify(body))
  })
}

export interface StreamsOptions {
  /** Streams open at the same time, and how many follow each other. */
  open: number
  rounds: number
  gapMs: number
}

export interface StreamsResult {
  streams: number
  mostOpen: number
  failedOver: number
  /** Calls to targets that were failed on purpose. */
  failedCalls: number
  /** What the clients saw that did not get a whole answer. */
  failed: string[]
  seconds: number
}

/** Many open streams while three in ten targets fail, now these and now those, with the health and retries of the defaults. */
export async function openMany({ open, rounds, gapMs }: StreamsOptions): Promise<StreamsResult> {
  const random = seededRandom(2)
  await using provider = await startFlakyProvider({ targets, failing: 6, redrawAfter: 200, text, gapMs, random })
  await using gateway = await startGateway({ config: configOf(provider, {}) })
  const streaming = clients.filter(({ stream }) => stream)
  const started = performance.now()
  const failed: string[] = []
  let failedOver = 0
  let mostOpen = 0
  let isOver = false
  const countOpen = async () => {
    while (!isOver) {
      mostOpen = Math.max(mostOpen, await gauge(gateway, 'patchbay_open_exchanges'))
      await wait(200)
    }
  }
  const oneAfterTheOther = async (_: unknown, index: number) => {
    for (let round = 0; round < rounds; round++) {
      const client = streaming[index % streaming.length]!
      const seen = await ask(client, 'any', { url: gateway.url, key: gateway.clientKey! })
      if (seen.attempts > 1) failedOver++
      if (seen.end !== 'answer' || seen.text !== text) failed.push(`${client.name}: ${seen.status} ${seen.words}`)
    }
  }
  const counting = countOpen()
  await Promise.all(Array.from({ length: open }, oneAfterTheOther))
  isOver = true
  await counting
  const seconds = (performance.now() - started) / 1000
  return { streams: open * rounds, mostOpen, failedOver, failedCalls: provider.failed(), failed, seconds }
}
