import { openExchangeDatabase } from '../../src-core/observe/exchange-database.ts'
import type { ExchangeView } from '../../src-core/observe/exchange-view.ts'
import { seededRandom } from '../bench/seeded-random.ts'

/** What a day of work with the config of take.ts may have looked like: a pattern, the same each time. */
export function inventTraffic(file: string, now: number): void {
  const random = seededRandom(7)
  const views: ExchangeView[] = []
  const minute = 60_000
  // two sessions of work, the second one still going on
  for (let ago = 26 * 60; ago > 0; ago -= 1) {
    const hour = new Date(now - ago * minute).getUTCHours()
    const busy = ago < 75 ? 0.75 : hour % 12 > 7 ? 0.05 : 0.22
    const count = random() < busy ? 1 + Math.floor(random() * (ago < 75 ? 4 : 2)) : 0
    for (let one = 0; one < count; one++) {
      views.push(invented(`t${ago}x${one}`, now - ago * minute + random() * minute * 0.9, random))
    }
  }
  const database = openExchangeDatabase({ file, now: () => now })
  database.add(views)
  database.close()
}

const kinds = [
  { share: 0.62, route: 'default', target: 'litellm.azure-gpt-5', asked: 'gemini-3.5-pro', limit: 272_000 },
  {
    share: 0.85,
    route: 'background',
    target: 'litellm.azure-gpt-5-mini',
    asked: 'gemini-3.5-flash-lite',
    limit: 400_000,
  },
  { share: 0.94, route: 'default', target: 'gemini.gemini-3.5-flash', asked: 'gemini-3.5-pro', limit: 1_048_576 },
  { share: 1, route: 'background', target: 'ollama.qwen3', asked: 'gemini-3.5-flash-lite', limit: 32_768 },
] as const

function invented(id: string, at: number, random: () => number): ExchangeView {
  const roll = random()
  const { route, target, asked, limit } = kinds.find(({ share }) => roll < share) ?? kinds[0]
  const inputTokens = Math.round(1500 + random() ** 3 * limit * 0.6)
  const outputTokens = Math.round(40 + random() ** 2 * 1400)
  const firstContentMs = Math.round(250 + random() * 900 + inputTokens / 200)
  const fails = random() < 0.025
  const spares = target === 'gemini.gemini-3.5-flash'
  const startedAt = Math.round(at)
  const attempt = { target, attempt: 1, startedAt, durationMs: firstContentMs * 2 }
  const words = 'LiteLLM answered 429: too many requests for azure-gpt-5. It asked for a pause of 20 s.'
  return {
    id,
    startedAt,
    state: 'ended',
    protocol: roll > 0.9 && roll < 0.94 ? 'openai-chat' : 'gemini-chat',
    clientKey: 'default',
    clientModel: asked,
    stream: route === 'default',
    requestBytes: inputTokens * 4,
    relayedBytes: 0,
    route,
    because: [],
    target,
    model: target.slice(target.indexOf('.') + 1),
    context: { tier: 'safe', ratio: inputTokens / limit },
    status: fails ? 429 : 200,
    durationMs: firstContentMs * 2 + outputTokens * 9,
    calls: spares ? 2 : 1,
    estimatedTokens: Math.round(inputTokens * (0.97 + random() * 0.06)),
    skipped: [],
    dropped: [],
    attempts: [{ ...attempt, outcome: fails ? 'failed' : 'ok' }],
    ...(fails
      ? { error: { kind: 'rate-limited' as const, message: words, providerStatus: 429 } }
      : {
          firstContentMs,
          finishReason: 'stop',
          usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
        }),
  }
}
