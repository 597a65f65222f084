import type { JsonObject } from '../../model/json.ts'
import type { Generation } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'

/** Sampling, limits and the like; what this target refuses is left out and noted. */
export function encodeGeneration(
  generation: Generation,
  target: Target,
  dropped: { what: string; because: string }[],
): JsonObject {
  const { dialect } = target
  const fields: JsonObject = {}
  const set = (key: string, value: JsonObject[string]) => {
    if (value !== undefined) fields[key] = value
  }
  const sampling: JsonObject = {
    temperature: generation.temperature === undefined ? undefined : Math.min(2, Math.max(0, generation.temperature)),
    top_p: generation.topP,
    presence_penalty: generation.presencePenalty,
    frequency_penalty: generation.frequencyPenalty,
    logprobs: generation.logprobs || generation.topLogprobs !== undefined ? true : undefined,
    top_logprobs: generation.topLogprobs === undefined ? undefined : Math.min(20, Math.max(0, generation.topLogprobs)),
  }
  for (const [key, value] of Object.entries(sampling)) {
    if (value === undefined) continue
    if (dialect.reasoningModel) dropped.push({ what: key, because: 'a reasoning model refuses it' })
    else set(key, value)
  }
  if (generation.topK !== undefined) dropped.push({ what: 'top_k', because: 'Chat has no such parameter' })
  if (generation.maxOutputTokens !== undefined) {
    const limit = target.maxOutputTokens ?? Number.POSITIVE_INFINITY
    set(dialect.maxTokensField, Math.min(generation.maxOutputTokens, limit))
    if (generation.maxOutputTokens > limit) {
      dropped.push({ what: `output tokens above ${limit}`, because: 'the model writes no more' })
    }
  }
  const stops = generation.stop?.filter((stop) => stop !== '') ?? []
  if (stops.length > 0 && dialect.maxStops > 0) set('stop', stops.slice(0, dialect.maxStops))
  if (stops.length > dialect.maxStops) {
    dropped.push({
      what: `${stops.length - dialect.maxStops} stop sequences`,
      because: `the service takes ${dialect.maxStops}`,
    })
  }
  if (generation.candidates !== undefined && generation.candidates > 1) set('n', generation.candidates)
  set('seed', generation.seed)
  return fields
}
