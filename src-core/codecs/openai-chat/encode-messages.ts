import type { Json, JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import type { Message, Part, TextPart, ToolCallPart, ToolResultPart } from '../../model/request.ts'
import { wireCallId } from './call-ids.ts'
import { createCallPairing, type PairedCall } from './call-pairing.ts'
import { encodeMedia, type MediaPlace } from './encode-media.ts'

export interface MessageRules {
  toolName(name: string): string
  /** Assistant turns with calls must carry `reasoning_content`, even an empty one. */
  echoReasoning: boolean
  target: string
  dropped: { what: string; because: string }[]
}

/** The turns as Chat wants them: every call answered, all answers right after their calls, media in user turns. */
export function encodeMessages(messages: readonly Message[], rules: MessageRules): JsonObject[] {
  const turns = joinCallTurns(messages)
  const { calls, orphans } = pair(turns)
  const latest = turns.findLast((message) => message.role === 'user')
  const isAnswering = latest?.parts.some((part) => part.type === 'tool-result')
  const out: JsonObject[] = []
  // Media a tool showed, waiting for the next user turn: tool messages take text only.
  let shown: JsonObject[] = []

  for (const message of turns) {
    if (message.role === 'assistant') {
      flushShown()
      const encoded = encodeAssistant(message, calls, rules)
      if (!encoded) continue
      out.push(encoded)
      for (const part of message.parts) if (part.type === 'tool-call') answerCall(calls.get(part)!)
      continue
    }
    if (message.role === 'system') {
      flushShown()
      const text = textsIn(message.parts).join('\n\n')
      if (text !== '') out.push({ role: 'system', content: text })
      continue
    }
    const asked = message === latest && !isAnswering
    const place: MediaPlace = { asked, target: rules.target, dropped: rules.dropped }
    const parts = shown
    shown = []
    for (const part of message.parts) {
      const encoded = encodeUserPart(part, orphans, place)
      if (encoded) parts.push(encoded)
    }
    if (parts.length > 0) out.push({ role: 'user', content: contentOf(parts) })
  }
  flushShown()
  return out

  function answerCall(paired: PairedCall): void {
    const id = wireCallId(paired.id)
    const result = paired.result
    if (!result) {
      const text = 'Error: no result. The call was interrupted before it finished.'
      out.push({ role: 'tool', tool_call_id: id, content: text })
      return
    }
    const media = result.media ?? []
    let text = resultText(result)
    if (media.length > 0) {
      const words = `[${media.length === 1 ? 'An attachment' : `${media.length} attachments`} of this result: see the next user message.]`
      text = text === '' ? words : `${text}\n${words}`
      // The user did not attach this, a tool did: the model is told, the turn goes on.
      const place: MediaPlace = { asked: false, target: rules.target, dropped: rules.dropped }
      shown.push({ type: 'text', text: `From the tool ${result.name || paired.call.name} (${id}):` })
      for (const part of media) shown.push(encodeMedia(part, place))
    }
    out.push({ role: 'tool', tool_call_id: id, content: text })
  }

  function flushShown(): void {
    if (shown.length > 0) out.push({ role: 'user', content: contentOf(shown) })
    shown = []
  }
}

/** Calls that were split over assistant turns belong together: their answers come after all of them. */
function joinCallTurns(messages: readonly Message[]): Message[] {
  const turns: Message[] = []
  for (const message of messages) {
    const last = turns.at(-1)
    const joins =
      message.role === 'assistant' && last?.role === 'assistant' && last.parts.some((part) => part.type === 'tool-call')
    if (joins) turns[turns.length - 1] = { role: 'assistant', parts: [...last.parts, ...message.parts] }
    else turns.push(message)
  }
  return turns
}

function pair(turns: readonly Message[]): { calls: Map<ToolCallPart, PairedCall>; orphans: Set<ToolResultPart> } {
  const pairing = createCallPairing()
  const calls = new Map<ToolCallPart, PairedCall>()
  const orphans = new Set<ToolResultPart>()
  for (const message of turns) {
    if (message.role === 'assistant') pairing.startTurn()
    for (const part of message.parts) {
      if (part.type === 'tool-call') {
        calls.set(part, pairing.add(part))
      } else if (part.type === 'tool-result') {
        const paired = part.id === '' ? undefined : pairing.find(part.id, undefined)
        if (paired) paired.result = part
        else orphans.add(part)
      }
    }
  }
  return { calls, orphans }
}

function encodeAssistant(
  message: Message,
  calls: Map<ToolCallPart, PairedCall>,
  rules: MessageRules,
): JsonObject | undefined {
  const text = textsIn(message.parts).join('')
  const toolCalls: JsonObject[] = []
  let reasoning = ''
  let details: Json | undefined
  for (const part of message.parts) {
    if (part.type === 'tool-call') {
      const call = { name: rules.toolName(part.name), arguments: JSON.stringify(part.args) }
      toolCalls.push({ id: wireCallId(calls.get(part)!.id), type: 'function', function: call })
    } else if (part.type === 'reasoning') {
      reasoning += part.text
    } else if (part.type === 'opaque' && part.protocol === 'openai-chat') {
      details ??= part.value.reasoning_details
    } else if (part.type === 'media') {
      rules.dropped.push({ what: `${part.mimeType} in an assistant turn`, because: 'Chat has no place for it' })
    }
  }
  if (toolCalls.length === 0) return text === '' ? undefined : { role: 'assistant', content: text }
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(rules.echoReasoning && { reasoning_content: reasoning }),
    ...(details !== undefined && { reasoning_details: details }),
    tool_calls: toolCalls,
  }
}

/** What the parts say in words, and what is told of parts only another protocol understands. */
function textsIn(parts: readonly Part[]): string[] {
  const texts: string[] = []
  for (const part of parts) {
    if (part.type === 'text' && part.text !== '') texts.push(part.text)
    else if (part.type === 'opaque' && part.text) texts.push(part.text)
  }
  return texts
}

function encodeUserPart(part: Part, orphans: Set<ToolResultPart>, place: MediaPlace): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return part.text === '' ? undefined : textPart(part)
    case 'media':
      return encodeMedia(part, place)
    case 'opaque':
      if (part.protocol === 'openai-chat') return part.value
      return part.text ? { type: 'text', text: part.text } : undefined
    case 'tool-result': {
      if (!orphans.has(part)) return undefined
      const name = part.name ? ` of ${part.name}` : ''
      return { type: 'text', text: `[Result${name}, whose call is no longer in the conversation]\n${resultText(part)}` }
    }
    default:
      return undefined
  }
}

const textPart = (part: TextPart): JsonObject => ({ type: 'text', text: part.text })

/** Texts alone make one text, which every service takes; anything else needs the list. */
function contentOf(parts: JsonObject[]): Json {
  if (parts.some((part) => part.type !== 'text')) return parts
  let content = ''
  for (const { text } of parts as { text: string }[]) {
    const needsBreak = content !== '' && !content.endsWith('\n') && !text.startsWith('\n')
    content += needsBreak ? `\n${text}` : text
  }
  return content
}

/** Gemini clients wrap what a tool said in `{output}`; a model reads the bare text better. */
function resultText(part: ToolResultPart): string {
  const { value } = part
  if (isObject(value)) {
    const keys = Object.keys(value)
    if (keys.length === 1 && keys[0] === 'output' && typeof value.output === 'string') return value.output
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const saysSo = isObject(value) || /^\W{0,2}error/i.test(text)
  return part.isError && !saysSo ? `Error: ${text}` : text
}
