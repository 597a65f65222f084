import { begin } from '../../src-core/model/begin.ts'
import { GatewayError } from '../../src-core/model/error.ts'
import type { Note, StreamChunk, StreamEvent } from '../../src-core/model/event.ts'
import { flowOf } from '../../src-core/model/flow-of.ts'
import type { Caller, ModelAnswer } from '../../src-core/model/generate.ts'
import { pulled } from '../../src-core/model/pulled.ts'

/** What happens in a scripted answer: a chunk, a remark to the caller, a failure, or something to wait for. */
export type Step = StreamChunk | { note: Note } | Error | (() => Promise<void>)

/** Plays steps as a target would: begun with the first content, failures before it thrown. */
export function playAnswer(steps: Iterable<Step> | AsyncIterable<Step>, caller: Caller): Promise<ModelAnswer> {
  return begin(flowOf(play(steps, caller)), {
    failure: (error) => error,
    ended: () => new GatewayError('stream-broken', 'It ended before it began.'),
  })
}

async function* play(steps: Iterable<Step> | AsyncIterable<Step>, caller: Caller): AsyncGenerator<StreamChunk> {
  for await (const step of steps) {
    caller.signal.throwIfAborted()
    if (step instanceof Error) throw step
    if (typeof step === 'function') await step()
    else if ('note' in step) caller.note(step.note)
    else yield* told(step)
  }
}

/** Only before the first content is a failure an event; after it, it ends the answer. */
function* told(chunk: StreamChunk): Generator<StreamChunk> {
  const last = chunk.events.at(-1)
  if (last?.type !== 'error') return void (yield chunk)
  if (chunk.events.length > 1) yield { ...chunk, events: chunk.events.slice(0, -1) }
  throw last.error
}

export type Told = StreamEvent | { type: 'note'; note: Note }

export interface Heard {
  /** Events and notes in the order they came. */
  told: Told[]
  events: StreamEvent[]
  notes: Note[]
  chunks: StreamChunk[]
  /** The text of all its deltas. */
  text: string
  error?: GatewayError
}

/** Asks, reads the answer to its end, and keeps all that was heard. Throws only what is no GatewayError. */
export async function hear(
  ask: (caller: Caller) => Promise<ModelAnswer>,
  signal = new AbortController().signal,
): Promise<Heard> {
  const heard: Heard = { told: [], events: [], notes: [], chunks: [], text: '' }
  let begun = false
  const take = (chunk: StreamChunk) => {
    begun = true
    heard.chunks.push(chunk)
    heard.events.push(...chunk.events)
    heard.told.push(...chunk.events)
    for (const event of chunk.events) if (event.type === 'text-delta') heard.text += event.text
  }
  const note = (told: Note) => {
    heard.notes.push(told)
    heard.told.push({ type: 'note', note: told })
  }
  try {
    for await (const chunk of chunksOf(await ask({ signal, note }))) take(chunk)
  } catch (thrown) {
    const error = GatewayError.from(thrown)
    // what goes wrong after the answer has begun is told as its last event
    if (begun && !signal.aborted) take({ events: [{ type: 'error', error }] })
    else heard.error = error
  }
  return heard
}

/** An answer's chunks, one after the other; leaving the loop closes it. */
export async function* chunksOf({ first, rest }: ModelAnswer): AsyncGenerator<StreamChunk> {
  try {
    yield first
    if (rest) yield* pulled(rest)
  } finally {
    rest?.cancel()
  }
}

/** A caller who stays and does not listen. */
export const patient: Caller = { signal: new AbortController().signal, note: () => {} }
