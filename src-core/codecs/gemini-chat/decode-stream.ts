import { GatewayError } from '../../model/error.ts'
import type { StreamChunk, StreamEvent } from '../../model/event.ts'
import { joinChunks } from '../../model/join-chunks.ts'
import type { Json } from '../../model/json.ts'
import { holdsOne, words } from '../byte-search.ts'
import type { StreamDecoder } from '../codec.ts'
import { createFrameSplitter, type FrameRun } from '../sse.ts'
import type { AnswerReader } from './answer-reader.ts'
import { createJsonSplitter } from './json-values.ts'
import { hasLooseLineEnds, jsonOf, strictFrame } from './strict-frame.ts'

const nothing: Buffer = Buffer.alloc(0)

/**
 * What a relaying reader must not miss once content flows. Without the opening quote: native search is many times
 * faster on a rare first byte, and a text that ends in such a word costs one parse and changes nothing.
 */
const landmarks = words('finishReason"', 'error"', 'groundingMetadata"')
const call = words('functionCall":')

/** A provider's stream as events, one chunk a read; with `relay` its frames keep their bytes. */
export function createStreamDecoder(reader: AnswerReader, relay: boolean): StreamDecoder {
  let source: ReadSource | undefined
  return {
    push(read) {
      source ??= sourceFor(read, reader, relay)
      return source?.push(read)
    },
    end() {
      const last = source?.end()
      if (reader.failed()) return last
      const rest = closing(reader.end(), relay)
      return last ? joinChunks([last, rest]) : rest
    },
    done() {
      return reader.failed()
    },
  }
}

/** Turns reads into chunks. */
interface ReadSource {
  push(read: Buffer): StreamChunk | undefined
  end(): StreamChunk | undefined
}

function closing(events: StreamEvent[], relay: boolean): StreamChunk {
  return relay ? { events, wire: nothing } : { events }
}

function createFrameSource(reader: AnswerReader, relay: boolean): ReadSource {
  const splitter = createFrameSplitter()
  let sawCall = false

  function chunkOf(run: FrameRun | undefined): StreamChunk | undefined {
    if (!run) return undefined
    if (!relay) {
      const events: StreamEvent[] = []
      for (const frame of run.frames()) {
        const text = jsonOf(frame)
        if (text !== '') events.push(...readText(text, reader))
        if (reader.failed()) break
      }
      return events.length > 0 ? { events } : undefined
    }
    if (!sawCall && holdsOne(run.bytes, call) && run.bytes.includes('"functionCall":')) {
      sawCall = true
      reader.noteToolCall()
    }
    return relayed(run, reader)
  }

  return { push: (read) => chunkOf(splitter.push(read)), end: () => chunkOf(splitter.end()) }
}

/** One read, handed on. It is taken apart only when something in it matters or must be set right. */
function relayed(run: FrameRun, reader: AnswerReader): StreamChunk {
  if (!run.strict() || hasLooseLineEnds(run.bytes)) return rewritten(run, reader)
  const events: StreamEvent[] = []
  let from = 0
  if (!reader.sawContent()) {
    for (const frame of run.frames()) {
      const start = from
      from = frame.bytes.byteOffset + frame.bytes.length - run.bytes.byteOffset
      events.push(...readText(jsonOf(frame), reader))
      if (reader.failed()) return { events, wire: run.bytes.subarray(0, start) }
      if (reader.sawContent()) break
    }
  }
  const searched = Math.max(from, run.lastFew())
  if (!holdsOne(run.bytes, landmarks, searched)) return { events, wire: run.bytes }
  for (const { start, end } of landmarkLines(run.bytes, searched)) {
    events.push(...readText(run.bytes.toString('utf8', start + dataPrefix.length, end), reader))
    if (reader.failed()) return { events, wire: run.bytes.subarray(0, start) }
  }
  return { events, wire: run.bytes }
}

const dataPrefix = 'data: '

/** The lines of a strict run that hold a landmark, in order, found without splitting the others. */
function landmarkLines(bytes: Buffer, from: number): { start: number; end: number }[] {
  const lines = new Map<number, number>()
  for (const mark of landmarks) {
    let at = bytes.indexOf(mark, from)
    while (at >= 0) {
      const newline = bytes.indexOf('\n', at)
      const end = newline < 0 ? bytes.length : newline
      lines.set(bytes.lastIndexOf('\n', at) + 1, end)
      at = bytes.indexOf(mark, end)
    }
  }
  return [...lines].map(([start, end]) => ({ start, end })).sort((one, other) => one.start - other.start)
}

/** The same for frames the strictest reader would choke on: each is written anew. */
function rewritten(run: FrameRun, reader: AnswerReader): StreamChunk {
  const events: StreamEvent[] = []
  let wire = ''
  for (const frame of run.frames()) {
    const text = jsonOf(frame)
    if (text === '') continue
    if (!reader.sawContent() || holdsOne(frame.bytes, landmarks)) events.push(...readText(text, reader))
    if (reader.failed()) break
    wire += strictFrame(oneLine(text))
  }
  return { events, wire: Buffer.from(wire) }
}

function readText(text: string, reader: AnswerReader): StreamEvent[] {
  if (text === '') return []
  let answer: Json
  try {
    answer = JSON.parse(text) as Json
  } catch (cause) {
    return [reader.fail(new GatewayError('stream-broken', 'The provider sent an event that is not JSON.', { cause }))]
  }
  return reader.read(answer)
}

/** Line breaks in JSON stand only between its words. */
function oneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replace(/[\r\n]+/g, ' ') : json
}

/** A list instead of server-sent events: a relaying client still gets the events it asked for. */
function createJsonSource(reader: AnswerReader, relay: boolean): ReadSource {
  const split = createJsonSplitter()
  return {
    push(read) {
      const values = split(read)
      if (values.length === 0) return undefined
      const events: StreamEvent[] = []
      let wire = ''
      for (const value of values) {
        events.push(...reader.read(value))
        if (reader.failed()) break
        wire += strictFrame(JSON.stringify(value))
      }
      return relay ? { events, wire: Buffer.from(wire) } : { events }
    },
    end: () => undefined,
  }
}

/** By the first byte that is not blank; a read without one says nothing and is passed over. */
function sourceFor(read: Buffer, reader: AnswerReader, relay: boolean): ReadSource | undefined {
  for (const byte of read) {
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xef || byte === 0xbb || byte === 0xbf) continue
    return byte === 0x5b || byte === 0x7b ? createJsonSource(reader, relay) : createFrameSource(reader, relay)
  }
  return undefined
}
