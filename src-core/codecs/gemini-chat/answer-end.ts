import type { FinishReason, Grounding, StreamEvent, TokenLogprob, Usage } from '../../model/event.ts'
import type { JsonObject } from '../../model/json.ts'
import { filteredPart } from './answer-parts.ts'
import { encodeFinishReason } from './finish-reason.ts'
import { encodeGrounding } from './grounding.ts'
import { encodeLogprobs } from './logprobs.ts'
import { encodeUsage } from './usage.ts'

interface ChoiceEnd {
  reason?: FinishReason
  grounding?: Grounding
  logprobs: TokenLogprob[]
  spoke: boolean
}

/**
 * What belongs into the last chunk: the CLI reads usage only where it finds the finish reason. So ends, usage
 * and everything about the answer as a whole is kept until nothing more can come.
 */
export interface AnswerEnd {
  /** True when the event was kept. */
  keep(event: StreamEvent): boolean
  spoke(choice: number): void
  ended(choice: number): boolean
  /** Finish reasons came; without one there is no honest last chunk. */
  isThere(): boolean
  /** Candidates, each with the parts given for it, and usage. */
  write(parts: (choice: number, spoke: boolean) => JsonObject[]): JsonObject
}

export function createAnswerEnd(): AnswerEnd {
  const choices = new Map<number, ChoiceEnd>()
  let usage: Usage | undefined

  const at = (index = 0): ChoiceEnd => {
    let found = choices.get(index)
    if (!found) {
      found = { logprobs: [], spoke: false }
      choices.set(index, found)
    }
    return found
  }

  return {
    keep(event) {
      switch (event.type) {
        case 'response-end':
          at(event.choice).reason = event.reason
          return true
        case 'usage':
          usage = event.usage
          return true
        case 'grounding':
          at(event.choice).grounding = event.grounding
          return true
        case 'logprobs':
          at(event.choice).logprobs.push(...event.tokens)
          return true
        default:
          return false
      }
    },
    spoke(choice) {
      at(choice).spoke = true
    },
    ended: (choice) => choices.get(choice)?.reason !== undefined,
    isThere() {
      return [...choices.values()].some(({ reason }) => reason !== undefined)
    },
    write(partsOf) {
      const candidates = [...choices]
        .filter(([, { reason }]) => reason !== undefined)
        .sort(([one], [other]) => one - other)
        .map(([index, { reason, grounding, logprobs, spoke }]) => {
          const given = partsOf(index, spoke)
          const untold = !spoke && reason!.unified === 'content-filter'
          const parts = untold ? [...given, filteredPart(reason!.message)] : given
          return {
            index,
            ...(parts.length > 0 ? { content: { role: 'model', parts } } : {}),
            finishReason: encodeFinishReason(reason!),
            ...(reason!.message ? { finishMessage: reason!.message } : {}),
            ...(grounding ? encodeGrounding(grounding) : {}),
            ...(logprobs.length > 0 ? encodeLogprobs(logprobs) : {}),
          }
        })
      return { candidates, ...(usage ? { usageMetadata: encodeUsage(usage) } : {}) }
    },
  }
}
