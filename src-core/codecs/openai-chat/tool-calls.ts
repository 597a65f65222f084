import { createHash } from 'node:crypto'
import type { StreamEvent } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { readArguments } from './call-arguments.ts'
import { googleSignature, numberOf, objectOf, wordOf } from './wire.ts'

type ToolCallEvent = StreamEvent & { type: 'tool-call' }

interface AssembledCalls {
  calls: ToolCallEvent[]
  /** Words about the first call whose arguments are no JSON. */
  malformed?: string
}

export interface ToolCallAssembler {
  /** The `tool_calls` of one delta. */
  add(deltas: readonly Json[]): void
  /** The `function_call` of older services: one call at most. */
  addLegacy(call: JsonObject): void
  /** Any call has begun. */
  begun(): boolean
  /** The name of the first call, once it is known. */
  firstName(): string | undefined
  /** All calls in the order they began. `cut`: the answer was cut off, so a call may be unfinished. */
  finish(answer: { id: string; choice: number; cut: boolean }): AssembledCalls
}

interface Draft {
  index?: number
  id?: string
  name?: string
  text: string
  whole?: Json
  signature?: string
}

/**
 * Puts streamed calls together. Services number them from 1, number all of them 0, or not at all; repeat the name or
 * the id in each delta, or fill both with ''; so a call is known by what identifies it, and its arguments are read
 * only when the answer has ended, never because a prefix happens to parse.
 */
export function createToolCallAssembler(): ToolCallAssembler {
  const drafts: Draft[] = []
  const byIndex = new Map<number, Draft>()
  const byId = new Map<string, Draft>()
  const legacyIndex = -1

  const open = (index: number | undefined): Draft => {
    const draft: Draft = { text: '', ...(index !== undefined && { index }) }
    drafts.push(draft)
    return draft
  }

  const addOne = (delta: JsonObject, touched: Set<Draft>) => {
    const called = objectOf(delta.function) ?? objectOf(delta.custom) ?? delta
    const index = numberOf(delta.index) ?? indexIn(delta.index)
    const id = wordOf(delta.id)
    const name = wordOf(called.name)
    const args = called.arguments ?? called.input
    let draft = index === undefined ? undefined : byIndex.get(index)
    // A call already known by its id, unless the service gave two calls the same one.
    const sameId = id === undefined ? undefined : byId.get(id)
    if (sameId && (index === undefined || sameId.index === index || name === undefined)) draft = sameId
    else if (index === undefined && id === undefined) draft = drafts.at(-1)
    else if (index === undefined) draft = drafts.at(-1)?.id === undefined ? drafts.at(-1) : undefined
    if (!draft || isAnother(draft, { id, name, args }, touched.has(draft))) draft = open(index)

    touched.add(draft)
    if (index !== undefined) byIndex.set(index, draft)
    if (id !== undefined && draft.id === undefined) {
      draft.id = byId.has(id) ? undefined : id
      if (draft.id !== undefined) byId.set(id, draft)
    }
    if (name !== undefined && draft.name !== name) {
      draft.name = draft.name === undefined || name.startsWith(draft.name) ? name : draft.name + name
    }
    if (typeof args === 'string') draft.text += args
    else if (args !== undefined && args !== null) draft.whole = args
    draft.signature ??= googleSignature(delta)
  }

  const add = (deltas: readonly Json[]) => {
    const touched = new Set<Draft>()
    for (const delta of deltas) if (isObject(delta)) addOne(delta, touched)
  }

  return {
    add,
    addLegacy: (call) => add([{ index: legacyIndex, function: call }]),
    begun() {
      return drafts.length > 0
    },
    firstName() {
      return drafts[0]?.name
    },
    finish: (answer) => assemble(drafts, answer),
  }
}

/** Whether a delta that points at a draft starts a new call instead. */
function isAnother(
  draft: Draft,
  delta: { id: string | undefined; name: string | undefined; args: Json | undefined },
  touched: boolean,
): boolean {
  if (delta.id !== undefined && draft.id !== undefined) return delta.id !== draft.id
  if (delta.name === undefined || draft.name === undefined) return false
  // One delta never names the same call twice.
  if (touched) return true
  const hasArguments = draft.text.trim() !== '' || draft.whole !== undefined
  if (delta.name !== draft.name) return hasArguments
  if (draft.whole !== undefined) return isObject(delta.args)
  const startsAnew = typeof delta.args === 'string' ? delta.args.trimStart().startsWith('{') : isObject(delta.args)
  return startsAnew && draft.text.trim() !== '{}' && readArguments(draft.text) !== undefined && hasArguments
}

function assemble(
  drafts: readonly Draft[],
  { id: answerId, choice, cut }: { id: string; choice: number; cut: boolean },
): AssembledCalls {
  const calls: ToolCallEvent[] = []
  for (const [position, draft] of drafts.entries()) {
    const isBare = draft.text.trim() === '' && draft.whole === undefined
    const args = readArguments(draft.text.trim() === '' ? draft.whole : draft.text)
    if (draft.name === undefined || args === undefined) {
      // Cut off in the middle of a call: that call was never made.
      if (cut || (draft.name === undefined && isBare)) continue
      const words = draft.name === undefined ? 'no name' : 'arguments that are not JSON'
      return { calls: [], malformed: `The model made a call${draft.name ? ` of ${draft.name}` : ''} with ${words}.` }
    }
    if (cut && isBare) continue
    const id = draft.id ?? syntheticId(answerId, position, draft)
    calls.push({
      type: 'tool-call',
      id,
      name: draft.name,
      args,
      ...(choice > 0 && { choice }),
      ...(draft.signature && { signature: { protocol: 'gemini-chat', value: draft.signature } }),
    })
  }
  return { calls }
}

/** The same for the same answer, and different in every other. */
function syntheticId(answerId: string, position: number, draft: Draft): string {
  const seed = JSON.stringify([answerId, position, draft.name, draft.text])
  return `call_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`
}

function indexIn(value: Json | undefined): number | undefined {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}
