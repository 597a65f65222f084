import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Conversation } from '../../model/request.ts'
import { refuseDeepNesting } from '../nesting.ts'
import { decodeGeneration, decodeOutputFormat, decodeThinking } from './decode-generation.ts'
import { decodeMessages } from './decode-messages.ts'
import { decodeTools } from './decode-tools.ts'
import { badRequest } from './wire.ts'

/** What the conversation says in its own words; everything else is only for this protocol. */
const understood = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'tools',
  'functions',
  'tool_choice',
  'function_call',
  'parallel_tool_calls',
  'web_search_options',
  'response_format',
  'reasoning_effort',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'stop',
  'n',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
])

export function decodeConversation(body: Json): Conversation {
  if (!isObject(body)) throw badRequest('The request', 'must be a JSON object')
  refuseDeepNesting(body)
  const { tools, serverTools, others, toolChoice } = decodeTools(body)
  const extensions = restOf(body)
  if (others.length > 0) extensions.tools = others
  if (isObject(body.web_search_options)) extensions.web_search_options = body.web_search_options
  return {
    ...decodeMessages(body.messages),
    tools,
    serverTools,
    ...(toolChoice && { toolChoice }),
    ...(typeof body.parallel_tool_calls === 'boolean' && { parallelToolCalls: body.parallel_tool_calls }),
    generation: decodeGeneration(body),
    thinking: decodeThinking(body),
    output: decodeOutputFormat(body),
    extensions: Object.keys(extensions).length > 0 ? { 'openai-chat': extensions } : {},
  }
}

function restOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !understood.has(key) && key !== '__proto__'))
}
