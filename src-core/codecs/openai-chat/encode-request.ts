import { GatewayError } from '../../model/error.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Conversation, ModelRequest, Wire } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { EncodedRequest } from '../codec.ts'
import { replaceSpan, stringifyJson } from '../json-body.ts'
import { refuseDeepNesting } from '../nesting.ts'
import { createToolNames } from '../tool-names.ts'
import { dropMember, dropParameter, setMember } from './body-members.ts'
import { encodeGeneration } from './encode-generation.ts'
import { encodeMessages } from './encode-messages.ts'
import { encodeOutput } from './encode-output.ts'
import { encodeThinking } from './encode-thinking.ts'
import { encodeTools } from './encode-tools.ts'
import { lookAt } from './look.ts'
import { badRequest, listOf } from './wire.ts'

const path = '/chat/completions'

export function encodeRequest(request: ModelRequest, target: Target): EncodedRequest | Promise<EncodedRequest> {
  if (request.wire.protocol === 'openai-chat' && !request.rewritten) {
    return { path, body: relayBody(request.wire, target), relayed: true, toolNames: new Map(), dropped: [] }
  }
  return request.conversation().then((conversation) => encodeConversation(conversation, request, target))
}

/** The client's own bytes; only the model's name and what this provider's settings say is changed. */
function relayBody(wire: Wire, target: Target): Buffer {
  const members = lookAt(wire)
  const span = members.span('model')
  let body = wire.body
  if (span && members.string('model') !== target.model) body = replaceSpan(body, span, JSON.stringify(target.model))
  for (const [key, value] of Object.entries(target.dialect.extraBody ?? {})) {
    if (value !== undefined) body = setMember(body, key, value)
  }
  for (const parameter of target.dialect.dropParams) {
    if (members.has(parameter.split('.')[0]!)) body = dropMember(body, parameter)
  }
  return body
}

async function encodeConversation(
  conversation: Conversation,
  request: ModelRequest,
  target: Target,
): Promise<EncodedRequest> {
  refuseDeepNesting(conversation)
  refuseCachedContent(conversation, target)
  const { dialect } = target
  const dropped: EncodedRequest['dropped'] = []
  const names = createToolNames({ maxLength: 64, allowed: /[A-Za-z0-9_-]/ })
  const extensions = conversation.extensions['openai-chat'] ?? {}
  const serverTools = encodeServerTools(conversation, request, target, dropped)

  const output = encodeOutput(conversation, dialect)
  const rules = { toolName: names.toWire, echoReasoning: dialect.echoReasoning, target: target.id, dropped, dialect }
  const system = [...conversation.system.map((part) => part.text), output.instruction ?? '']
    .filter((text) => text !== '')
    .join('\n\n')
  const { tools: otherTools, ...rest } = extensions
  const declared = encodeTools(conversation, rules)
  const tools = [...listOf(declared.tools), ...listOf(otherTools), ...serverTools]
  const messages = encodeMessages(conversation.messages, rules)
  if (messages.length === 0 && system === '') throw badRequest('messages', 'must say something')

  const body: JsonObject = {
    model: target.model,
    messages: system === '' ? messages : [{ role: 'system', content: system }, ...messages],
    ...rest,
    ...declared,
    ...(tools.length > 0 && { tools }),
    ...encodeGeneration(conversation.generation, target, dropped),
    ...encodeThinking(conversation.thinking, dialect.thinking),
    ...output.fields,
    ...(request.stream && { stream: true }),
    ...(request.stream && dialect.streamUsage && { stream_options: { include_usage: true } }),
    ...dialect.extraBody,
  }
  for (const parameter of dialect.dropParams) {
    if (dropParameter(body, parameter)) dropped.push({ what: parameter, because: 'the service refuses it' })
  }
  return { path, body: await stringifyJson(body), relayed: false, toolNames: names.toClient, dropped }
}

/** What the reference stands for is not here, and an answer without it would be an answer to something else. */
function refuseCachedContent({ extensions }: Conversation, target: Target): void {
  const foreign = extensions['gemini-chat']
  if (!foreign?.cachedContent && !foreign?.cached_content) return
  throw new GatewayError(
    'unsupported',
    `This request refers to cached content that only Google holds, and ${target.id} cannot see it. Route it to a Gemini backend, or send the content itself.`,
    { target: target.id },
  )
}

const serverToolWords = {
  'web-search': {
    words: 'search the web',
    instead: 'Configure a search engine, or route this request to a Gemini backend.',
  },
  'url-context': {
    words: 'read web pages',
    instead: "Send the page's own text with the question, or route this request to a Gemini backend.",
  },
  'code-execution': { words: 'run code', instead: 'Route this request to a Gemini backend.' },
} as const

/**
 * Chat has no common form for tools the provider runs: a Chat client's own words for them go back as they came;
 * those of others are left out beside functions, and refused where they are all that was asked for.
 */
function encodeServerTools(
  conversation: Conversation,
  request: ModelRequest,
  target: Target,
  dropped: EncodedRequest['dropped'],
): JsonObject[] {
  const tools: JsonObject[] = []
  for (const tool of conversation.serverTools) {
    if (request.protocol === 'openai-chat') {
      // `web_search_options` is among the extensions already.
      if (tool.options?.type !== undefined) tools.push(tool.options)
      continue
    }
    const { words, instead } = serverToolWords[tool.type]
    if (conversation.tools.length === 0) {
      throw new GatewayError('unsupported', `${target.id} cannot ${words} by itself. ${instead}`, { target: target.id })
    }
    dropped.push({ what: tool.type, because: `the service cannot ${words} by itself` })
  }
  return tools
}
