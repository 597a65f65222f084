import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Message, Part, TextPart, ToolCallPart, ToolResultPart } from '../../model/request.ts'
import { readArgumentsKept } from './call-arguments.ts'
import { type CallPairing, createCallPairing } from './call-pairing.ts'
import { type ContentItem, decodeContent, decodeResult } from './decode-content.ts'
import { badRequest, googleSignature, listOf, objectOf, textOf, wordOf } from './wire.ts'

export interface DecodedMessages {
  system: TextPart[]
  messages: Message[]
}

interface Walk {
  pairing: CallPairing
  /** Position of the message, for ids and paths. */
  at: number
  path: string
  /** Calls met in this message. */
  calls: number
}

/** The messages in order. Leading system texts become the system prompt; later ones keep their place. */
export function decodeMessages(wire: Json | undefined): DecodedMessages {
  if (!Array.isArray(wire)) throw badRequest('messages', 'must be a list')
  const system: TextPart[] = []
  const messages: Message[] = []
  const pairing = createCallPairing()
  // The user turn that gathers the results of one round of calls.
  let results: Message | undefined
  for (const [at, message] of wire.entries()) {
    const walk: Walk = { pairing, at, path: `messages[${at}]`, calls: 0 }
    if (!isObject(message)) throw badRequest(walk.path, 'must be an object')
    switch (message.role) {
      case 'system':
      case 'developer': {
        const texts = textsOf(decodeContent(message.content, `${walk.path}.content`))
        if (messages.length === 0) append(system, texts)
        else if (texts.length > 0) messages.push({ role: 'system', parts: texts })
        break
      }
      case 'user': {
        const parts = place(decodeContent(message.content, `${walk.path}.content`), walk)
        if (parts.length > 0) messages.push({ role: 'user', parts })
        results = undefined
        break
      }
      case 'assistant':
      case 'model': {
        pairing.startTurn()
        const parts = decodeAssistant(message, walk)
        if (parts.length > 0) messages.push({ role: 'assistant', parts })
        results = undefined
        break
      }
      case 'tool':
      case 'function': {
        const parts = decodeToolMessage(message, walk)
        if (parts.length === 0) break
        if (!results) {
          results = { role: 'user', parts: [] }
          messages.push(results)
        }
        append(results.parts, parts)
        break
      }
      default:
        throw badRequest(`${walk.path}.role`, 'must be system, developer, user, assistant or tool')
    }
  }
  return { system, messages }
}

/** Lists from outside may be longer than a call takes arguments. */
function append<Item>(list: Item[], items: Item[]): void {
  for (const item of items) list.push(item)
}

function textsOf(items: ContentItem[]): TextPart[] {
  return items.filter((item) => item.type === 'text')
}

/** Content parts as the model has them; Anthropic-shaped blocks find their partners. */
function place(items: ContentItem[], walk: Walk): Part[] {
  const parts: Part[] = []
  for (const item of items) {
    if (item.type === 'call-block') {
      parts.push(enter({ type: 'tool-call', id: item.id ?? '', name: item.name, args: item.args }, walk))
    } else if (item.type === 'result-block') {
      const { value, media } = decodeResult(item.content, `${walk.path}.content`)
      const result: ToolResultPart = { type: 'tool-result', id: '', name: '', value }
      if (item.isError) result.isError = true
      if (media.length > 0) result.media = media
      append(parts, answer(result, item.id, walk))
    } else {
      parts.push(item)
    }
  }
  return parts
}

function decodeAssistant(message: JsonObject, walk: Walk): Part[] {
  const parts: Part[] = []
  const details = listOf(message.reasoning_details)
  const reasoning = wordOf(message.reasoning_content) ?? wordOf(message.reasoning) ?? reasoningTexts(details)
  if (reasoning) parts.push({ type: 'reasoning', text: reasoning })
  if (details.length > 0) {
    parts.push({ type: 'opaque', protocol: 'openai-chat', value: { reasoning_details: details } })
  }
  const content = place(decodeContent(message.content, `${walk.path}.content`), walk)
  const refusal = wordOf(message.refusal)
  if (refusal && !content.some((part) => part.type === 'text' && part.text === refusal)) {
    content.push({ type: 'text', text: refusal })
  }
  const signature = googleSignature(message)
  const signed = signature ? content.findLast((part) => part.type === 'text') : undefined
  if (signed && signature) signed.signature = { protocol: 'gemini-chat', value: signature }
  append(parts, content)

  const calls = message.tool_calls ?? []
  if (!Array.isArray(calls)) throw badRequest(`${walk.path}.tool_calls`, 'must be a list')
  for (const [index, call] of calls.entries()) {
    const path = `${walk.path}.tool_calls[${index}]`
    if (!isObject(call)) throw badRequest(path, 'must be an object')
    parts.push(decodeCall(call, path, walk))
  }
  const legacy = objectOf(message.function_call)
  if (legacy) parts.push(decodeCall({ function: legacy }, `${walk.path}.function_call`, walk))
  return parts
}

function decodeCall(call: JsonObject, path: string, walk: Walk): ToolCallPart {
  const custom = call.type === 'custom' ? objectOf(call.custom) : undefined
  const called = custom ?? objectOf(call.function) ?? call
  const name = wordOf(called.name)
  if (!name) throw badRequest(`${path}.function.name`, 'must name the function')
  const args = custom ? { input: textOf(custom.input) ?? '' } : readArgumentsKept(called.arguments)
  const part: ToolCallPart = { type: 'tool-call', id: wordOf(call.id) ?? '', name, args }
  const signature = googleSignature(call)
  if (signature) part.signature = { protocol: 'gemini-chat', value: signature }
  return enter(part, walk)
}

/** A call without an id gets one from its place: the same in every request, so caches and pairs hold. */
function enter(call: ToolCallPart, walk: Walk): ToolCallPart {
  if (call.id === '') call.id = `call_${walk.at}_${walk.calls}`
  walk.calls++
  call.id = walk.pairing.add(call).id
  return call
}

function decodeToolMessage(message: JsonObject, walk: Walk): Part[] {
  const path = `${walk.path}.content`
  const content = message.content
  // Some clients wrap the result once more, as Anthropic has it.
  const isWrapped =
    Array.isArray(content) && content.length > 0 && content.every((item) => objectOf(item)?.type === 'tool_result')
  if (isWrapped) return place(decodeContent(content, path), walk)
  const { value, media } = decodeResult(content, path)
  const result: ToolResultPart = { type: 'tool-result', id: '', name: wordOf(message.name) ?? '', value }
  if (media.length > 0) result.media = media
  return answer(result, wordOf(message.tool_call_id) ?? wordOf(message.tool_use_id), walk)
}

/** A result joins its call. A second one for the same call takes the first one's place; one without a call is an orphan. */
function answer(result: ToolResultPart, id: string | undefined, walk: Walk): ToolResultPart[] {
  const paired = walk.pairing.find(id, result.name || undefined)
  if (!paired) return [result]
  result.id = paired.id
  result.name = paired.call.name
  const earlier = paired.result
  if (!earlier) {
    paired.result = result
    return [result]
  }
  earlier.value = result.value
  earlier.isError = result.isError
  earlier.media = result.media
  return []
}

function reasoningTexts(details: Json[]): string | undefined {
  const texts = details.map((detail) => wordOf(objectOf(detail)?.text) ?? wordOf(objectOf(detail)?.summary) ?? '')
  return texts.join('') || undefined
}
