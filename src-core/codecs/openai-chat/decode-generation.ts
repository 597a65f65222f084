import { isObject, type JsonObject } from '../../model/json.ts'
import type { Effort, Generation, OutputFormat, Thinking } from '../../model/request.ts'
import { badRequest, numberOf, objectOf, wordOf } from './wire.ts'

export function decodeGeneration(body: JsonObject): Generation {
  const number = (key: string) => {
    const value = body[key]
    if (value === undefined || value === null) return undefined
    const read = numberOf(value)
    if (read === undefined) throw badRequest(key, 'must be a number')
    return read
  }
  const topLogprobs = number('top_logprobs')
  const generation: Generation = {
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: number('top_k'),
    maxOutputTokens: number('max_completion_tokens') ?? number('max_tokens'),
    stop: decodeStop(body),
    candidates: number('n'),
    seed: number('seed'),
    presencePenalty: number('presence_penalty'),
    frequencyPenalty: number('frequency_penalty'),
    logprobs: body.logprobs === true || topLogprobs !== undefined ? true : undefined,
    topLogprobs,
  }
  for (const key of Object.keys(generation) as (keyof Generation)[]) {
    if (generation[key] === undefined) delete generation[key]
  }
  return generation
}

function decodeStop(body: JsonObject): string[] | undefined {
  const { stop } = body
  if (stop === undefined || stop === null || stop === '') return undefined
  if (typeof stop === 'string') return [stop]
  if (!Array.isArray(stop)) throw badRequest('stop', 'must be a text or a list of texts')
  return stop.map((item, index) => {
    if (typeof item !== 'string') throw badRequest(`stop[${index}]`, 'must be a text')
    return item
  })
}

/** How much to think, as OpenAI, OpenRouter, GLM, Qwen and Google's compatible layer ask for it. */
export function decodeThinking(body: JsonObject): Thinking | undefined {
  const effort = decodeEffort(wordOf(body.reasoning_effort))
  if (effort) return { effort }
  const reasoning = objectOf(body.reasoning)
  if (reasoning) {
    const asked = decodeEffort(wordOf(reasoning.effort))
    const budgetTokens = numberOf(reasoning.max_tokens)
    if (asked || budgetTokens !== undefined) return { effort: asked, budgetTokens }
    if (typeof reasoning.enabled === 'boolean') return onOff(reasoning.enabled)
  }
  const thinking = objectOf(body.thinking)
  if (thinking) {
    const budgetTokens = numberOf(thinking.budget_tokens)
    if (thinking.type === 'disabled') return onOff(false)
    return budgetTokens === undefined ? onOff(true) : { budgetTokens }
  }
  const switched = body.enable_thinking ?? objectOf(body.chat_template_kwargs)?.enable_thinking
  if (typeof switched === 'boolean') return onOff(switched)
  const google = objectOf(objectOf(body.extra_body)?.google) ?? objectOf(body.google)
  const config = objectOf(google?.thinking_config)
  if (!config) return undefined
  return {
    effort: decodeEffort(wordOf(config.thinking_level)),
    budgetTokens: numberOf(config.thinking_budget),
    includeThoughts: config.include_thoughts === true || undefined,
  }
}

const onOff = (on: boolean): Thinking => (on ? { budgetTokens: -1 } : { effort: 'none' })

function decodeEffort(word: string | undefined): Effort | undefined {
  switch (word?.toLowerCase()) {
    case 'none':
    case 'minimal':
    case 'low':
    case 'medium':
    case 'high':
    case 'xhigh':
      return word.toLowerCase() as Effort
    case 'max':
      return 'xhigh'
    default:
      return undefined
  }
}

export function decodeOutputFormat(body: JsonObject): OutputFormat | undefined {
  const format = body.response_format
  if (format === undefined || format === null) return undefined
  if (!isObject(format)) throw badRequest('response_format', 'must be an object')
  if (format.type === 'json_object') return { type: 'json' }
  if (format.type !== 'json_schema') return undefined
  const declared = objectOf(format.json_schema)
  const schema = objectOf(declared?.schema)
  if (!declared) throw badRequest('response_format.json_schema', 'must be an object')
  if (!schema) return { type: 'json' }
  return {
    type: 'json-schema',
    schema,
    ...(wordOf(declared.name) && { name: wordOf(declared.name) }),
    ...(typeof declared.strict === 'boolean' && { strict: declared.strict }),
  }
}
