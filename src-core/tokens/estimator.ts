import { type Estimate, estimateBySize } from '../model/estimate.ts'
import type { ByteRange, ModelRequest, RequestSections } from '../model/request.ts'
import type { CountedSections } from './counted-sections.ts'
import type { ExactCounter } from './exact-counter.ts'
import { type Piece, sampledTokens } from './sampled-tokens.ts'
import { contentOf, type Section, type SectionKind } from './section.ts'

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
/** The counter is not started for less: a sample of so little is nearly exact. */
const worthCounting = 32 * 1024
/** Larger sections hold media, or text that is sampled well; telling them apart again would take too long. */
const largestKnown = 1024 * 1024
/** How many bytes of one request are told apart by their content. */
const mostKnown = 8 * 1024 * 1024

const historyBudget = 48 * 1024
const otherBudget = 8 * 1024
/** What a chat format adds around each message. */
const tokensPerMessage = 4
/** What an image costs, whatever its size in bytes. */
const tokensPerMedia = 258

interface Unknown extends Section {
  key: string
}

export function createTokenEstimator({ counted, counter }: TokenEstimatorOptions): TokenEstimator {
  /** Sections on their way to the counter. */
  const underWay = new Set<string>()

  function look(request: ModelRequest): { estimate: Estimate; unknown: Unknown[] } {
    const { body } = request.wire
    const { system, tools, messages } = request.sections?.() ?? wholeBody(body)
    const survey: Survey = { body, counted, unknown: [], bytes: 0, exactBytes: 0, hashedBytes: 0 }
    const inSystem = tokensOf(survey, system, 'message', otherBudget)
    const inTools = tokensOf(survey, tools, 'tools', otherBudget)
    const inHistory = tokensOf(survey, messages, 'message', historyBudget)
    const parts = {
      system: inSystem.text + system.length * tokensPerMessage,
      tools: inTools.text,
      history: inHistory.text + messages.length * tokensPerMessage,
      media: (inSystem.media + inHistory.media) * tokensPerMedia,
      output: request.traits.wishedOutputTokens ?? 0,
    }
    const tokens = parts.system + parts.tools + parts.history + parts.media
    const exact = survey.bytes === 0 ? 0 : survey.exactBytes / survey.bytes
    return { estimate: { tokens, parts, exact }, unknown: survey.unknown }
  }

  async function learn(body: Buffer, unknown: readonly Unknown[]): Promise<void> {
    const counts = await counter.count(body, unknown)
    unknown.forEach(({ key }, index) => {
      underWay.delete(key)
      if (counts) counted.set(key, counts[index]!)
    })
  }

  const isWorth = ({ wire }: ModelRequest): boolean => counter.running || wire.body.length >= worthCounting

  return {
    estimate(request) {
      const { body } = request.wire
      if (body.length <= smallBytes && !request.traits.media) return estimateBySize(request)
      const { estimate, unknown } = look(request)
      const fresh = unknown.filter(({ key }) => !underWay.has(key))
      if (fresh.length === 0 || !isWorth(request)) return estimate
      for (const { key } of fresh) underWay.add(key)
      setImmediate(() => void learn(body, fresh))
      return estimate
    },
    async count(request, withinMs) {
      const { estimate, unknown } = look(request)
      if (unknown.length === 0 || !isWorth(request)) return estimate
      await Promise.race([learn(request.wire.body, unknown), pause(withinMs)])
      return look(request).estimate
    },
  }
}

interface Survey {
  body: Buffer
  counted: CountedSections
  unknown: Unknown[]
  bytes: number
  exactBytes: number
  hashedBytes: number
}

/** What is known counts as it is, the rest by a sample. */
function tokensOf(survey: Survey, ranges: readonly ByteRange[], kind: SectionKind, budget: number) {
  const { body, counted, unknown } = survey
  const pieces: Piece[] = []
  let text = 0
  let media = 0
  for (const { start, end } of ranges) {
    const section: Section = { start, end, kind }
    const size = end - start
    survey.bytes += size
    if (size <= largestKnown && survey.hashedBytes + size <= mostKnown) {
      survey.hashedBytes += size
      const key = counted.key(body, section)
      const count = counted.get(key)
      if (count) {
        survey.exactBytes += size
        text += count.text
        media += count.media
        continue
      }
      unknown.push({ ...section, key })
    }
    const content = contentOf(body, section)
    for (const range of content.texts) pieces.push({ start: range.start, end: range.end, json: false })
    for (const range of content.json) pieces.push({ start: range.start, end: range.end, json: true })
    media += content.media
  }
  return { text: text + Math.round(sampledTokens(body, pieces, budget)), media }
}

const wholeBody = (body: Buffer): RequestSections => ({
  system: [],
  tools: [],
  messages: [{ start: 0, end: body.length }],
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
