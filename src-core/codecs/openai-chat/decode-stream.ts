import { GatewayError } from '../../model/error.ts'
import { isContent, type StreamChunk, type StreamEvent } from '../../model/event.ts'
import { joinChunks } from '../../model/join-chunks.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { words } from '../byte-search.ts'
import type { DecodeContext, StreamDecoder } from '../codec.ts'
import { createFrameSplitter, type FrameRun, type SseFrame } from '../sse.ts'
import { type AnswerReader, createAnswerReader } from './answer.ts'
import { readFailure } from './provider-failure.ts'

/** A provider's stream as events. Any failure it tells or shows is the last event. */
export function createStreamDecoder(context: DecodeContext): StreamDecoder {
  const answer = createAnswerReader(context)
  const reader = context.relay ? createRelayReader(answer) : createReader(answer)
  const splitter = createFrameSplitter()
  const chunkOf = (run: FrameRun | undefined): StreamChunk | undefined => {
    const chunk = run && reader.read(run)
    return chunk && (chunk.events.length > 0 || chunk.wire) ? chunk : undefined
  }
  return {
    push: (read) => chunkOf(splitter.push(read)),
    end() {
      const last = chunkOf(splitter.end())
      if (reader.done()) return last
      const events = reader.end()
      if (events.length === 0) return last
      return last ? joinChunks([last, { events }]) : { events }
    },
    done() {
      return reader.done()
    },
  }
}

interface StreamReader {
  read(run: FrameRun): StreamChunk
  /** [DONE] was read, or a failure. */
  done(): boolean
  /** The stream has ended: what is still to be said. */
  end(): readonly StreamEvent[]
}

function createReader(answer: AnswerReader): StreamReader {
  let done = false
  return {
    done() {
      return done
    },
    read(run) {
      const events: StreamEvent[] = []
      for (const frame of run.frames()) {
        done = readFrame(frame, answer, events)
        if (done) break
      }
      return { events }
    },
    end: () => endOfStream(answer),
  }
}

/**
 * The words that make a frame worth reading once the answer is under way. No text can hold them unescaped but for
 * the missing first quote: native search is many times faster on a rare first byte.
 */
const worthReading = words('error"', 'usage":{', 'usage": {', 'finish_reason":"', 'finish_reason": "', '[DONE]')

/**
 * Keeps the provider's bytes. Frames are parsed until the first content; after it only those that end, count or fail,
 * found by native search over the end of each read.
 */
function createRelayReader(answer: AnswerReader): StreamReader {
  let done = false
  let isUnderWay = false
  let last: FrameRun | undefined

  /** Adds what one frame says; true when it is a failure, which is no part of the bytes handed on. */
  const readInto = (frame: SseFrame, events: StreamEvent[]): boolean => {
    const said: StreamEvent[] = []
    done = readFrame(frame, answer, said)
    for (const event of said) if (!isUnderWay || !isDetail(event)) events.push(event)
    if (said.at(-1)?.type === 'error') return true
    const name = isUnderWay ? undefined : answer.callBegun()
    if (name !== undefined && !events.some(isContent)) {
      // That a call began is content; what it says is in the bytes.
      events.push({ type: 'tool-call', id: '', name, args: {} })
    }
    isUnderWay ||= events.some(isContent)
    return false
  }

  const read = (run: FrameRun): StreamChunk => {
    last = run
    const events: StreamEvent[] = []
    let from = 0
    if (!isUnderWay) {
      for (const frame of run.frames()) {
        if (readInto(frame, events)) return { events, wire: before(run, frame) }
        from = frame.bytes.byteOffset + frame.bytes.length - run.bytes.byteOffset
        if (done || isUnderWay) break
      }
    }
    if (done) return { events, wire: run.bytes }
    for (const frame of run.framesHolding(worthReading, Math.max(from, run.lastFew()))) {
      if (readInto(frame, events)) return { events, wire: before(run, frame) }
      if (done) break
    }
    return { events, wire: run.bytes }
  }

  return {
    done() {
      return done
    },
    read,
    end() {
      // The end may be written with other white space than we searched for.
      if (last && !answer.isComplete() && !answer.hasFinish()) {
        const events: StreamEvent[] = []
        for (const frame of last.frames()) {
          readInto(frame, events)
          if (done) return events
        }
      }
      return endOfStream(answer)
    },
  }
}

/** In a relayed stream the bytes carry the answer; events only say how it stands. */
function isDetail(event: StreamEvent): boolean {
  return event.type !== 'usage' && event.type !== 'response-end' && event.type !== 'error'
}

function before(run: FrameRun, frame: SseFrame): Buffer | undefined {
  const length = frame.bytes.byteOffset - run.bytes.byteOffset
  return length > 0 ? run.bytes.subarray(0, length) : undefined
}

/** Reads one frame into events. True when nothing after it counts. */
function readFrame(frame: SseFrame, answer: AnswerReader, events: StreamEvent[]): boolean {
  const data = frame.data === '' ? bareJson(frame) : frame.data
  if (data === '') return false
  if (data.startsWith('[DONE]') || data.trim() === '[DONE]') return finish(answer, events)
  let value: Json
  try {
    value = JSON.parse(data) as Json
  } catch (cause) {
    const what = data.trimStart().startsWith('<') ? 'a web page' : 'something that is not JSON'
    events.push(broken(`The provider sent ${what} instead of an answer.`, cause))
    return true
  }
  const chunk = Array.isArray(value) ? value[0] : value
  if (value === null) return false
  if (!isObject(chunk)) {
    events.push(broken('The provider sent something that is not an answer.'))
    return true
  }
  const failure = readFailure(frame.event === 'error' && chunk.error === undefined ? { error: chunk } : chunk)
  if (failure) {
    if (!answer.isComplete()) events.push({ type: 'error', error: failure })
    return true
  }
  answer.accept(chunk, events)
  if (isWhole(chunk)) return finish(answer, events)
  if (answer.hasFinalUsage() && answer.hasFinish()) answer.complete(events)
  return false
}

/** A provider that was asked for a stream may answer with plain JSON, or with a web page. */
function bareJson(frame: SseFrame): string {
  const first = frame.bytes.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
  return first === 0x7b || first === 0x5b || first === 0x3c ? frame.bytes.toString('utf8') : ''
}

const isWhole = (chunk: JsonObject) => chunk.object === 'chat.completion'

function finish(answer: AnswerReader, events: StreamEvent[]): boolean {
  if (answer.hasChoices()) answer.complete(events)
  else events.push(empty())
  return true
}

function endOfStream(answer: AnswerReader): StreamEvent[] {
  if (answer.isComplete()) return []
  const events: StreamEvent[] = []
  if (answer.hasFinish() || answer.hasFinalUsage()) answer.complete(events)
  else if (answer.hasChoices()) events.push(broken('The provider broke off in the middle of its answer.'))
  else events.push(empty())
  return events
}

function empty(): StreamEvent {
  return broken('The provider ended its answer without saying anything. The prompt may be longer than it can take.')
}

function broken(message: string, cause?: unknown): StreamEvent {
  return { type: 'error', error: new GatewayError('stream-broken', message, { cause }) }
}
