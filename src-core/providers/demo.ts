import { begin } from '../model/begin.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import type { StreamChunk, StreamEvent, Usage } from '../model/event.ts'
import { flowOf } from '../model/flow-of.ts'
import type { CallTarget } from '../model/generate.ts'
import type { JsonObject } from '../model/json.ts'
import type { Conversation, Message, ModelRequest, Tool, ToolResultPart } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { sampleOf } from './demo-sample.ts'

/**
 * The provider with no model behind it: says what reached it and where it came from, calls a tool when the text
 * asks for one, fills a schema when one is given. The same request always gets the same answer.
 */
export const callDemo: CallTarget = async (target, request, { signal, note }) => {
  note({ type: 'attempt', target: target.id, attempt: 1 })
  const conversation = await request.conversation()
  return begin(flowOf(paced(answer(target, request, conversation), signal)), {
    failure: (error) => error,
    ended: () => new GatewayError('internal', 'The demo backend had nothing to say.'),
  })
}

/** A turn of the event loop between pieces, so that a stream is one. */
async function* paced(pieces: Iterable<StreamEvent[]>, signal: AbortSignal): AsyncGenerator<StreamChunk> {
  for (const events of pieces) {
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) throw clientGone()
    yield { events }
  }
}

function* answer(target: Target, request: ModelRequest, conversation: Conversation): Generator<StreamEvent[]> {
  const id = `demo-${textLength(conversation).toString(36)}-${conversation.messages.length}`
  yield [{ type: 'response-start', id, model: target.model }]
  const call = wantedCall(conversation)
  if (call) {
    yield [{ type: 'tool-call', id: `call_demo_${conversation.messages.length}`, ...call }]
    yield ending(conversation, JSON.stringify(call.args), 'tool-calls')
    return
  }
  const text = format(conversation) ?? words(target, request, conversation)
  const limit = conversation.generation.maxOutputTokens
  const shown = limit !== undefined && limit > 0 ? text.slice(0, limit * charactersPerToken) : text
  for (const piece of pieces(shown)) yield [{ type: 'text-delta', text: piece }]
  yield ending(conversation, shown, shown === text ? 'stop' : 'length')
}

const charactersPerToken = 4

function words(target: Target, request: ModelRequest, conversation: Conversation): string {
  const { messages, tools } = conversation
  const result = lastResult(messages)
  if (result) {
    const { name, isError } = result
    return `The tool ${name} ${isError ? 'failed with' : 'answered'}: ${shorten(plain(result.value), 400)}\n\nThat was all the demo backend wanted to know.`
  }
  const asked = lastText(messages)
  const lines = [
    `You reached Patchbay's demo backend as ${target.id} (you asked for ${request.model || 'no model'} over ${request.protocol}).`,
    `It received ${count(messages.length, 'message')} and ${count(tools.length, 'tool')}${names(tools)}.`,
    asked === '' ? 'There was no text in your last turn.' : `You said: “${shorten(asked, 400)}”`,
    'There is no model here. Name a provider in the config and this request goes there instead.',
  ]
  return lines.join('\n')
}

function format({ output, messages }: Conversation): string | undefined {
  if (!output) return undefined
  if (output.type === 'json-schema') return JSON.stringify(sampleOf(output.schema, shorten(lastText(messages), 80)))
  return JSON.stringify({ backend: 'demo', messages: messages.length, said: shorten(lastText(messages), 80) })
}

/** A call, when a tool may be called, none has just answered, and the text asks for one or the client insists. */
function wantedCall({ tools, toolChoice, messages }: Conversation): { name: string; args: JsonObject } | undefined {
  if (tools.length === 0 || toolChoice?.type === 'none' || lastResult(messages)) return undefined
  const forced = toolChoice?.type === 'required' ? toolChoice : undefined
  const allowed = forced?.names ? tools.filter(({ name }) => forced.names?.includes(name)) : tools
  const text = lastText(messages)
  const named = allowed
    .filter(({ name }) => mentions(text, name))
    .sort((one, other) => other.name.length - one.name.length)[0]
  const anyTool = /\b(call|use|run)\b[^.!?]*\btools?\b/i.test(text) ? allowed[0] : undefined
  const tool = named ?? anyTool ?? (forced ? allowed[0] : undefined)
  return tool && { name: tool.name, args: argumentsFor(tool, text) }
}

/** The whole name, not a part of a longer word. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + name.length])) return true
  }
  return false
}

const isWordCharacter = (character: string | undefined): boolean => character !== undefined && /[\w-]/.test(character)

function argumentsFor(tool: Tool, text: string): JsonObject {
  const sample = tool.parameters ? sampleOf({ ...tool.parameters, type: 'object' }, shorten(text, 80)) : {}
  return sample as JsonObject
}

function ending(conversation: Conversation, said: string, reason: 'stop' | 'tool-calls' | 'length'): StreamEvent[] {
  const inputTokens = tokens(textLength(conversation))
  const outputTokens = tokens(said.length)
  const usage: Usage = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }
  return [
    { type: 'usage', usage },
    { type: 'response-end', reason: { unified: reason, raw: reason } },
  ]
}

const tokens = (characters: number): number => Math.max(1, Math.ceil(characters / charactersPerToken))

function textLength({ system, messages }: Conversation): number {
  let length = 0
  for (const { text } of system) length += text.length
  for (const { parts } of messages) for (const part of parts) if (part.type === 'text') length += part.text.length
  return length
}

/**
 * What the person typed: the last text of the last user turn. The Gemini CLI puts what it knows of the session before
 * it, in a tag, and the files it refers to after it.
 */
function lastText(messages: Message[]): string {
  const parts = messages.findLast(({ role }) => role === 'user')?.parts ?? []
  const texts = parts.flatMap((part) => (part.type === 'text' && part.text.trim() !== '' ? part.text.trim() : []))
  const files = texts.findIndex((text) => text.startsWith('--- Content from referenced files'))
  const before = files > 0 ? texts.slice(0, files) : texts
  return before.findLast((text) => !/^<[a-z_]+>/.test(text)) ?? before.at(-1) ?? ''
}

/** The result that came with the last turn, if that is what the last turn was. */
function lastResult(messages: Message[]): ToolResultPart | undefined {
  return messages.at(-1)?.parts.findLast((part) => part.type === 'tool-result')
}

function* pieces(text: string): Generator<string> {
  const words = text.match(/\s*\S+|\s+$/g) ?? []
  for (let at = 0; at < words.length; at += 4) yield words.slice(at, at + 4).join('')
}

const names = (tools: Tool[]): string =>
  tools.length === 0 ? '' : ` (${shorten(tools.map(({ name }) => name).join(', '), 120)})`
const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`
const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = text.slice(0, limit)
  // Never half of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}
