import { isObject, type JsonObject } from '../../model/json.ts'
import type { Conversation } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { EncodedRequest } from '../codec.ts'
import { numberNames } from './decode-generation.ts'
import { toGeminiSchema } from './gemini-schema.ts'
import { geminiModel } from './model-family.ts'
import { encodeThinking } from './thinking.ts'

/** Gemini takes no more. */
const stopLimit = 5

const sampling = new Set(['temperature', 'topP', 'topK', 'presencePenalty', 'frequencyPenalty'])

export function encodeGeneration(
  conversation: Conversation,
  target: Target,
  { fromGemini, dropped }: { fromGemini: boolean; dropped: EncodedRequest['dropped'] },
): JsonObject | undefined {
  const { generation, thinking } = conversation
  const config: JsonObject = {}
  for (const [name, wireName] of Object.entries(numberNames)) {
    const value = generation[name as keyof typeof numberNames]
    if (value !== undefined && !(target.dialect.reasoningModel && sampling.has(wireName))) config[wireName] = value
  }
  const limit = target.maxOutputTokens
  if (limit !== undefined && generation.maxOutputTokens !== undefined && generation.maxOutputTokens > limit) {
    config.maxOutputTokens = limit
    dropped.push({ what: 'part of the wished output', because: `${target.id} writes ${limit} tokens at most` })
  }
  if (generation.stop && generation.stop.length > 0) {
    config.stopSequences = generation.stop.slice(0, stopLimit)
    if (generation.stop.length > stopLimit)
      dropped.push({ what: 'stop sequences', because: `Gemini takes ${stopLimit} at most` })
  }
  if (generation.logprobs !== undefined) config.responseLogprobs = generation.logprobs
  const thinkingConfig = encodeThinking(thinking, target.model, fromGemini)
  if (thinkingConfig) config.thinkingConfig = thinkingConfig
  else if (thinking) dropped.push({ what: 'thinking', because: `nothing is known of how ${target.model} thinks` })
  Object.assign(config, encodeOutput(conversation, target, dropped))
  const extension = conversation.extensions['gemini-chat']?.generationConfig
  if (isObject(extension)) Object.assign(config, extension)
  return Object.keys(config).length > 0 ? config : undefined
}

function encodeOutput(
  { output, tools }: Conversation,
  { model, dialect }: Target,
  dropped: EncodedRequest['dropped'],
): JsonObject {
  if (!output) return {}
  const generation = geminiModel(model)?.generation
  if (tools.length > 0 && generation !== undefined && generation < 3) {
    dropped.push({ what: 'the JSON output format', because: `${model} does not take it together with functions` })
    return {}
  }
  const config: JsonObject = { responseMimeType: 'application/json' }
  if (output.type === 'json-schema') {
    if (dialect.jsonSchemaTools) config.responseJsonSchema = output.schema
    else config.responseSchema = toGeminiSchema(output.schema)
  }
  return config
}
