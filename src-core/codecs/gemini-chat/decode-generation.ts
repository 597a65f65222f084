import { isObject, type JsonObject } from '../../model/json.ts'
import type { Effort, Generation, OutputFormat, Thinking } from '../../model/request.ts'
import { lowerCaseTypes, toStandardSchema } from './standard-schema.ts'
import { field, leftovers, readBoolean, readList, readNumber, readObject, readString, wrongType } from './wire.ts'

/** generationConfig's names for what every protocol knows. */
export const numberNames = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  maxOutputTokens: 'maxOutputTokens',
  candidates: 'candidateCount',
  seed: 'seed',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
  topLogprobs: 'logprobs',
} as const satisfies Partial<Record<keyof Generation, string>>

const understood = new Set<string>([
  ...Object.values(numberNames),
  'stopSequences',
  'responseLogprobs',
  'thinkingConfig',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
])

const efforts: Record<string, Effort> = {
  NONE: 'none',
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
}

const at = 'generationConfig'

export interface DecodedGeneration {
  generation: Generation
  thinking?: Thinking
  output?: OutputFormat
  /** What only Gemini understands. */
  rest?: JsonObject
}

export function decodeGeneration(root: JsonObject): DecodedGeneration {
  const config = readObject(root, at, '') ?? {}
  const generation: Generation = {}
  for (const [name, wireName] of Object.entries(numberNames)) {
    const value = readNumber(config, wireName, at)
    if (value !== undefined) generation[name as keyof typeof numberNames] = value
  }
  const stop = readList(config, 'stopSequences', at)
  if (stop.length > 0) {
    generation.stop = stop.map((text, index) => {
      if (typeof text !== 'string') throw wrongType(`${at}.stopSequences[${index}]`, 'a string', text)
      return text
    })
  }
  const logprobs = readBoolean(config, 'responseLogprobs', at)
  if (logprobs !== undefined) generation.logprobs = logprobs
  const thinking = decodeThinking(config)
  const { output, rest: outputRest } = decodeOutput(config)
  const rest = { ...leftovers(config, understood), ...outputRest }
  return {
    generation,
    ...(thinking ? { thinking } : {}),
    ...(output ? { output } : {}),
    ...(Object.keys(rest).length > 0 ? { rest } : {}),
  }
}

function decodeThinking(config: JsonObject): Thinking | undefined {
  const wire = readObject(config, 'thinkingConfig', at)
  if (!wire) return undefined
  const path = `${at}.thinkingConfig`
  const level = readString(wire, 'thinkingLevel', path)?.toUpperCase() ?? ''
  const budgetTokens = readNumber(wire, 'thinkingBudget', path)
  const includeThoughts = readBoolean(wire, 'includeThoughts', path)
  const thinking: Thinking = {
    ...(Object.hasOwn(efforts, level) ? { effort: efforts[level]! } : {}),
    ...(budgetTokens === undefined ? {} : { budgetTokens }),
    ...(includeThoughts === undefined ? {} : { includeThoughts }),
  }
  return Object.keys(thinking).length === 0 ? undefined : thinking
}

function decodeOutput(config: JsonObject): { output?: OutputFormat; rest?: JsonObject } {
  const mimeType = readString(config, 'responseMimeType', at) ?? ''
  const standard = readObject(config, 'responseJsonSchema', at)
  const own = readObject(config, 'responseSchema', at)
  if (mimeType !== '' && mimeType !== 'application/json' && mimeType !== 'text/plain')
    return { rest: { responseMimeType: mimeType, ...(own ? { responseSchema: own } : {}) } }
  const schema = standard ? lowerCaseTypes(standard) : own && toStandardSchema(own)
  if (schema) return { output: { type: 'json-schema', schema } }
  return mimeType === 'application/json' ? { output: { type: 'json' } } : {}
}

/** Does the client want to see thoughts? Asked of the undecoded generationConfig. */
export function asksForThoughts(config: JsonObject): boolean {
  const thinking = field(config, 'thinkingConfig')
  return isObject(thinking) && field(thinking, 'includeThoughts') === true
}
