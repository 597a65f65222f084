import { type Estimate, estimateBySize } from '../model/estimate.ts'
import type { ModelRequest, RequestSections } from '../model/request.ts'
import type { CountedSections } from './counted-sections.ts'
import type { ExactCounter } from './exact-counter.ts'
import { createSurvey, type Unknown } from './survey.ts'

/** Input tokens of requests. For routing and for clients that ask, not for billing. */
export interface TokenEstimator {
  /** At once: what is known of the conversation and a sample of what is new. Then the new is counted, off the way. */
  estimate(request: ModelRequest): Estimate
  /** As exactly as can be had in `withinMs`. */
  count(request: ModelRequest, withinMs: number): Promise<Estimate>
}

export interface TokenEstimatorOptions {
  counted: CountedSections
  counter: Pick<ExactCounter, 'running' | 'count'>
}

/** Below this a body is not looked into: the sample would cost more than a better figure is worth. */
const smallBytes = 8 * 1024
/** In tokens. The counter is not started for less: so little was not sampled but read, and is nearly exact. */
const worthCounting = 8000
/** How many bytes are sampled. */
const historyBudget = 32 * 1024
const otherBudget = 8 * 1024
/** What a chat format adds around each message. */
const tokensPerMessage = 4
/** What an image costs, whatever its size in bytes. */
const tokensPerMedia = 258

export function createTokenEstimator({ counted, counter }: TokenEstimatorOptions): TokenEstimator {
  /** Sections on their way to the counter. */
  const underWay = new Set<string>()

  function look(request: ModelRequest): { estimate: Estimate; unknown: readonly Unknown[] } {
    const { body } = request.wire
    const { system, tools, messages } = request.sections?.() ?? wholeBody(body)
    const survey = createSurvey(body, counted)
    const inSystem = survey.tokensOf(system, 'message', otherBudget)
    const inTools = survey.tokensOf(tools, 'tools', otherBudget)
    const inHistory = survey.tokensOf(messages, 'message', historyBudget)
    const parts = {
      system: inSystem.text + system.length * tokensPerMessage,
      tools: inTools.text,
      history: inHistory.text + messages.length * tokensPerMessage,
      media: (inSystem.media + inHistory.media) * tokensPerMedia,
      output: request.traits.wishedOutputTokens ?? 0,
    }
    const tokens = parts.system + parts.tools + parts.history + parts.media
    return { estimate: { tokens, parts, exact: survey.exactShare() }, unknown: survey.unknown }
  }

  async function learn(body: Buffer, unknown: readonly Unknown[]): Promise<void> {
    const counts = await counter.count(body, unknown)
    unknown.forEach(({ key }, index) => {
      underWay.delete(key)
      if (counts) counted.set(key, counts[index]!)
    })
  }

  const isWorth = ({ tokens }: Estimate): boolean => counter.running || tokens >= worthCounting

  return {
    estimate(request) {
      const { body } = request.wire
      if (body.length <= smallBytes && !request.traits.media) return estimateBySize(request)
      const { estimate, unknown } = look(request)
      if (unknown.length === 0 || !isWorth(estimate)) return estimate
      const fresh = unknown.filter(({ key }) => !underWay.has(key) && underWay.add(key))
      if (fresh.length > 0) setImmediate(() => void learn(body, fresh))
      return estimate
    },
    async count(request, withinMs) {
      const { estimate, unknown } = look(request)
      if (unknown.length === 0 || !isWorth(estimate)) return estimate
      await Promise.race([learn(request.wire.body, unknown), pause(withinMs)])
      return look(request).estimate
    },
  }
}

const wholeBody = (body: Buffer): RequestSections => ({
  system: [],
  tools: [],
  messages: [{ start: 0, end: body.length }],
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
