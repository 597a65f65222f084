import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Conversation, Envelope } from '../../model/request.ts'
import { refuseDeepNesting } from '../nesting.ts'
import { decodeContents, decodeSystem } from './decode-contents.ts'
import { decodeGeneration } from './decode-generation.ts'
import { decodeToolConfig, decodeTools } from './decode-tools.ts'
import { field, leftovers, wrongType } from './wire.ts'

const understood = new Set(['contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'model'])

/** The whole body as the language of the house. */
export function decodeConversation(body: Json, envelope: Envelope): Conversation {
  if (!isObject(body)) throw wrongType('the request body', 'an object', body)
  refuseDeepNesting(body)
  const root = requestOf(body, envelope)
  const { tools, serverTools, others } = decodeTools(root)
  const { toolChoice, rest: toolConfig } = decodeToolConfig(root)
  const { generation, thinking, output, rest: generationConfig } = decodeGeneration(root)
  const envelopeRest = envelope === 'code-assist' ? leftovers(body, new Set(['model', 'request'])) : undefined
  const extension: JsonObject = {
    ...leftovers(root, understood),
    ...(others.length > 0 ? { tools: others } : {}),
    ...(toolConfig ? { toolConfig } : {}),
    ...(generationConfig ? { generationConfig } : {}),
    ...(envelopeRest ? { envelope: envelopeRest } : {}),
  }
  return {
    system: decodeSystem(root),
    messages: decodeContents(root),
    tools,
    serverTools,
    ...(toolChoice ? { toolChoice } : {}),
    generation,
    ...(thinking ? { thinking } : {}),
    ...(output ? { output } : {}),
    extensions: Object.keys(extension).length > 0 ? { 'gemini-chat': extension } : {},
  }
}

/** Where the request proper stands: in Code Assist's envelope, in countTokens' wrapper, or at the top. */
function requestOf(body: JsonObject, envelope: Envelope): JsonObject {
  const inner = field(body, envelope === 'code-assist' ? 'request' : 'generateContentRequest')
  if (inner === undefined && envelope === 'none') return body
  if (isObject(inner)) return inner
  throw wrongType(envelope === 'code-assist' ? 'request' : 'generateContentRequest', 'an object', inner)
}
