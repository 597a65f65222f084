import type { Usage } from '../../model/event.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { numberOf, objectOf } from './wire.ts'

/** Undefined for null and for the zeros some services send as a placeholder. */
export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isObject(value)) return undefined
  const input = count(value.prompt_tokens ?? value.input_tokens) ?? 0
  const completion = count(value.completion_tokens ?? value.output_tokens) ?? 0
  if (input === 0 && completion === 0) return undefined
  const cached =
    count(objectOf(value.prompt_tokens_details)?.cached_tokens) ??
    count(objectOf(value.input_tokens_details)?.cached_tokens) ??
    count(value.prompt_cache_hit_tokens) ??
    count(value.cached_tokens)
  const reasoning =
    count(objectOf(value.completion_tokens_details)?.reasoning_tokens) ??
    count(objectOf(value.output_tokens_details)?.reasoning_tokens)
  const total = count(value.total_tokens) || input + completion
  // A few services count reasoning beside the completion; the total tells.
  const isBeside = reasoning !== undefined && reasoning > 0 && total === input + completion + reasoning
  return {
    inputTokens: input,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    outputTokens: isBeside ? completion : Math.max(0, completion - (reasoning ?? 0)),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    totalTokens: total,
  }
}

export function encodeUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens + (usage.reasoningTokens ?? 0),
    total_tokens: usage.totalTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  }
}

function count(value: Json | undefined): number | undefined {
  const number = numberOf(value)
  return number === undefined ? undefined : Math.max(0, Math.round(number))
}
