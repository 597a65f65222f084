import type { Grounding, StreamEvent, TokenLogprob, Usage } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { decodeCitations, decodeHits } from './citations.ts'
import { mediaFrom } from './decode-content.ts'
import { decodeFinishReason } from './finish-reason.ts'
import { createToolCallAssembler, type ToolCallAssembler } from './tool-calls.ts'
import { decodeUsage } from './usage.ts'
import { googleSignature, listOf, numberOf, objectOf, textOf, wordOf } from './wire.ts'

export interface AnswerReader {
  /** One chunk of a stream, or a whole answer: adds what can be said at once. */
  accept(chunk: JsonObject, events: StreamEvent[]): void
  /** Says what was held back: calls, grounding, usage and how each choice ended. Once. */
  complete(events: StreamEvent[]): void
  /** A choice has said something. */
  hasChoices(): boolean
  /** A service has said how a choice ended. */
  hasFinish(): boolean
  /** Usage on its own, after all choices: nothing can follow. */
  hasFinalUsage(): boolean
  isComplete(): boolean
  /** The name of a call that has begun. */
  callBegun(): string | undefined
}

export interface AnswerRules {
  toolNames: ReadonlyMap<string, string>
  /** Only some of the frames are read: how it ended can be told, the calls cannot. */
  relay: boolean
}

interface Choice {
  index: number
  calls: ToolCallAssembler
  texts: string[]
  annotations: Json[]
  /** The last reason given: some services give one with every chunk. */
  finish?: string
}

/**
 * Reads an answer, streamed or whole, into events. Calls and the end wait until the answer is complete: calls so that
 * none is taken from half its arguments, the end so that usage comes with it.
 */
export function createAnswerReader({ toolNames, relay }: AnswerRules): AnswerReader {
  const choices = new Map<number, Choice>()
  const hits: Grounding[] = []
  let answerId = ''
  let started = false
  let usage: Usage | undefined
  let hasFinalUsage = false
  let isComplete = false

  const choiceAt = (index: number): Choice => {
    let choice = choices.get(index)
    if (!choice) {
      choice = { index, calls: createToolCallAssembler(), texts: [], annotations: [] }
      choices.set(index, choice)
    }
    return choice
  }

  const start = (chunk: JsonObject, events: StreamEvent[]) => {
    started = true
    answerId = wordOf(chunk.id) ?? ''
    const created = numberOf(chunk.created)
    events.push({ type: 'response-start', id: answerId, model: wordOf(chunk.model) ?? '', ...(created && { created }) })
  }

  return {
    accept(chunk, events) {
      if (isComplete) return
      const list = listOf(chunk.choices)
      // Azure begins with a frame that has neither choices nor an id.
      if (!started && (list.length > 0 || wordOf(chunk.id))) start(chunk, events)
      for (const item of list) {
        if (!isObject(item)) continue
        const index = numberOf(item.index) ?? 0
        acceptChoice(choiceAt(index), item, events)
        usage = decodeUsage(item.usage) ?? usage
      }
      const latest = decodeUsage(chunk.usage)
      if (latest) {
        usage = latest
        if (list.length === 0 && choices.size > 0) hasFinalUsage = true
      }
      const grounding = decodeHits(listOf(chunk.web_search))
      if (grounding) hits.push(grounding)
    },
    complete(events) {
      if (isComplete) return
      isComplete = true
      const ends: StreamEvent[] = []
      for (const choice of [...choices.values()].sort((a, b) => a.index - b.index)) {
        ends.push(relay ? relayedEndOf(choice) : endOf(choice, answerId, toolNames, events))
      }
      for (const grounding of hits) events.push({ type: 'grounding', grounding })
      if (usage) events.push({ type: 'usage', usage })
      for (const end of ends) events.push(end)
    },
    hasChoices() {
      return choices.size > 0
    },
    hasFinish() {
      for (const choice of choices.values()) if (choice.finish !== undefined) return true
      return false
    },
    hasFinalUsage() {
      return hasFinalUsage
    },
    isComplete() {
      return isComplete
    },
    callBegun() {
      for (const choice of choices.values()) if (choice.calls.begun()) return choice.calls.firstName() ?? ''
      return undefined
    },
  }
}

function acceptChoice(choice: Choice, item: JsonObject, events: StreamEvent[]): void {
  const at = choice.index > 0 ? { choice: choice.index } : {}
  const delta = objectOf(item.delta) ?? objectOf(item.message) ?? {}
  // A last chunk may repeat the whole message.
  const isRepeat = !isObject(item.delta) && choice.texts.length > 0

  const reasoning = isRepeat ? undefined : reasoningIn(delta)
  if (reasoning) events.push({ type: 'reasoning-delta', text: reasoning, ...at })

  const text = isRepeat ? undefined : contentIn(delta.content ?? item.text, events, at)
  const signature = googleSignature(delta)
  if (text || signature) {
    if (text) choice.texts.push(text)
    const proof = signature ? { signature: { protocol: 'gemini-chat' as const, value: signature } } : {}
    events.push({ type: 'text-delta', text: text ?? '', ...at, ...proof })
  }
  const refusal = wordOf(delta.refusal)
  if (refusal) events.push({ type: 'refusal-delta', text: refusal, ...at })

  for (const image of listOf(delta.images)) {
    const url = wordOf(objectOf(objectOf(image)?.image_url)?.url)
    const media = url ? mediaFrom(url, 'image/png') : undefined
    if (media?.data) events.push({ type: 'media', mimeType: media.mimeType, data: media.data, ...at })
  }
  const tokens = listOf(objectOf(item.logprobs)?.content).flatMap((token) => decodeLogprob(token) ?? [])
  if (tokens.length > 0) events.push({ type: 'logprobs', tokens, ...at })

  if (!(isRepeat && choice.calls.begun())) {
    const calls = isObject(delta.tool_calls) ? [delta.tool_calls] : listOf(delta.tool_calls)
    choice.calls.add(calls)
    if (isObject(delta.function_call)) choice.calls.addLegacy(delta.function_call)
  }
  for (const annotation of listOf(delta.annotations)) choice.annotations.push(annotation)
  choice.finish = wordOf(item.finish_reason) ?? choice.finish
}

function relayedEndOf({ index, finish, calls }: Choice): StreamEvent {
  const said = finish === undefined ? 'stop' : decodeFinishReason(finish)
  const unified = said === 'stop' && calls.begun() ? 'tool-calls' : said
  const reason = { unified, ...(finish !== undefined && { raw: finish }) }
  return { type: 'response-end', reason, ...(index > 0 && { choice: index }) }
}

function endOf(
  choice: Choice,
  answerId: string,
  toolNames: ReadonlyMap<string, string>,
  events: StreamEvent[],
): StreamEvent {
  const at = choice.index > 0 ? { choice: choice.index } : {}
  const raw = choice.finish
  const said = raw === undefined ? 'stop' : decodeFinishReason(raw)
  const cut = said === 'length' || said === 'content-filter'
  const { calls, malformed } = choice.calls.finish({ id: answerId, choice: choice.index, cut })
  for (const call of calls) events.push({ ...call, name: toolNames.get(call.name) ?? call.name })
  const grounding = decodeCitations(choice.annotations, choice.texts.join(''))
  if (grounding) events.push({ type: 'grounding', grounding, ...at })

  const base = raw === undefined ? {} : { raw }
  if (malformed) {
    return { type: 'response-end', reason: { unified: 'malformed-call', ...base, message: malformed }, ...at }
  }
  // Services call it `stop` when calls were made, and `tool_calls` when none were: what was made counts.
  let unified = said
  if (calls.length > 0 && (said === 'stop' || said === 'other')) unified = 'tool-calls'
  else if (calls.length === 0 && said === 'tool-calls') unified = 'stop'
  return { type: 'response-end', reason: { unified, ...base }, ...at }
}

/** One of the fields services have for it; some fill two with the same words. */
function reasoningIn(delta: JsonObject): string {
  const plain = wordOf(delta.reasoning_content) ?? wordOf(delta.reasoning)
  if (plain) return plain
  let text = ''
  for (const detail of listOf(delta.reasoning_details)) {
    text += textOf(objectOf(detail)?.text) ?? textOf(objectOf(detail)?.summary) ?? ''
  }
  return text
}

/** A text, or the list of parts Mistral and others send; thinking parts among them are reasoning. */
function contentIn(content: Json | undefined, events: StreamEvent[], at: { choice?: number }): string | undefined {
  if (!Array.isArray(content)) return wordOf(content)
  let text = ''
  for (const part of content.filter(isObject)) {
    if (part.type === 'thinking' || part.type === 'reasoning') {
      const thought = wordOf(part.thinking) ?? wordOf(part.text) ?? contentIn(part.thinking, events, at)
      if (thought) events.push({ type: 'reasoning-delta', text: thought, ...at })
    } else {
      text += textOf(part.text) ?? ''
    }
  }
  return text
}

function decodeLogprob(value: Json): TokenLogprob | undefined {
  const token = objectOf(value)
  const text = textOf(token?.token)
  const logprob = numberOf(token?.logprob)
  if (!token || text === undefined || logprob === undefined) return undefined
  const bytes = listOf(token.bytes).filter((byte) => typeof byte === 'number')
  const top = listOf(token.top_logprobs).flatMap((other) => decodeLogprob(other) ?? [])
  return {
    token: text,
    logprob,
    ...(bytes.length > 0 && { bytes }),
    ...(top.length > 0 && { top: top.map(({ top: _, ...rest }) => rest) }),
  }
}
