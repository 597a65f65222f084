import type { JsonObject } from '../../model/json.ts'
import type { Conversation, Part, TextPart, ToolCallPart, ToolResultPart } from '../../model/request.ts'
import { encodeMedia, encodePart, encodeResult, type PartContext } from './encode-parts.ts'
import { wantsSignatures } from './model-family.ts'
import { signaturePlaceholder } from './wire.ts'

interface Turn {
  role: 'user' | 'model'
  parts: Part[]
}

interface EncodedTurn {
  role: 'user' | 'model'
  parts: JsonObject[]
  /** The user speaks here, not a tool: a new turn of the conversation begins. */
  opens: boolean
}

export interface EncodedContents {
  contents: JsonObject[]
  systemInstruction?: JsonObject
}

/** History as Gemini wants it: turns alternate, the user begins, every call is answered in the next content. */
export function encodeContents(conversation: Conversation, model: string, context: PartContext): EncodedContents {
  const system = [...conversation.system]
  const turns = mergeTurns(conversation, system)
  const encoded = turns
    .map((turn, index) => encodeTurn(turn, turns[index - 1], context))
    .filter((turn) => turn.parts.length > 0)
  if (wantsSignatures(model)) markSteps(encoded)
  const texts = system.filter(({ text }) => text !== '').map(({ text }) => ({ text }))
  if (encoded.length === 0)
    return { contents: [{ role: 'user', parts: texts.length > 0 ? texts : [{ text: '(empty)' }] }] }
  if (encoded[0]!.role === 'model') encoded.unshift({ role: 'user', parts: [{ text: '(continued)' }], opens: true })
  return {
    contents: encoded.map(({ role, parts }) => ({ role, parts })),
    ...(texts.length > 0 ? { systemInstruction: { role: 'user', parts: texts } } : {}),
  }
}

/** Neighbours of one role become one turn; system messages join the system instruction. */
function mergeTurns(conversation: Conversation, system: TextPart[]): Turn[] {
  const turns: Turn[] = []
  for (const message of conversation.messages) {
    if (message.role === 'system') {
      for (const part of message.parts) if (part.type === 'text') system.push(part)
      continue
    }
    const role = message.role === 'assistant' ? 'model' : 'user'
    const last = turns.at(-1)
    if (last?.role === role) last.parts.push(...message.parts)
    else turns.push({ role, parts: [...message.parts] })
  }
  return turns
}

function encodeTurn(turn: Turn, previous: Turn | undefined, context: PartContext): EncodedTurn {
  const calls = previous?.role === 'model' ? previous.parts.filter((part) => part.type === 'tool-call') : []
  const results = turn.role === 'user' ? answers(turn.parts, calls) : []
  const answered = new Set<Part>(results.flatMap(({ from }) => (from ? [from] : [])))
  const ids = new Set(calls.map(({ id }) => id))
  const parts = results.map((result) => encodeResult(result, context))
  for (const { from } of results) for (const media of from?.media ?? []) pushIf(parts, encodeMedia(media))
  for (const part of turn.parts) {
    if (part.type !== 'tool-result') pushIf(parts, encodePart(part, context))
    else if (!answered.has(part) && !(ids.has(part.id) && turn.role === 'user')) parts.push(...orphan(part))
  }
  return { role: turn.role, parts, opens: turn.role === 'user' && answered.size === 0 }
}

function pushIf(parts: JsonObject[], part: JsonObject | undefined): void {
  if (part) parts.push(part)
}

interface AnsweredCall {
  id: string
  name: string
  value: ToolResultPart['value']
  isError?: boolean
  from?: ToolResultPart
}

/** One answer for each call, in the calls' order: of two for one call the later, for none a word that it is missing. */
function answers(parts: Part[], calls: ToolCallPart[]): AnsweredCall[] {
  const byId = new Map<string, ToolResultPart>()
  for (const part of parts) if (part.type === 'tool-result') byId.set(part.id, part)
  return calls.map(({ id, name }) => {
    const from = byId.get(id)
    if (!from) return { id, name, value: 'The call was interrupted; there is no result.', isError: true }
    return { id, name, value: from.value, ...(from.isError ? { isError: true } : {}), from }
  })
}

/** A result whose call is gone: Gemini would refuse it as a result, so it is told in words. */
function orphan(part: ToolResultPart): JsonObject[] {
  const value = typeof part.value === 'string' ? part.value : JSON.stringify(part.value)
  const parts: JsonObject[] = [{ text: `Result of ${part.name || 'a tool'}: ${value}` }]
  for (const media of part.media ?? []) pushIf(parts, encodeMedia(media))
  return parts
}

/** In the current turn the first call of every model step must carry a signature, or Google's word for none. */
function markSteps(turns: EncodedTurn[]): void {
  for (let index = turns.length - 1; index >= 0; index--) {
    const turn = turns[index]!
    if (turn.opens) return
    if (turn.role !== 'model') continue
    const first = turn.parts.find((part) => part.functionCall !== undefined)
    if (first && first.thoughtSignature === undefined) first.thoughtSignature = signaturePlaceholder
  }
}
