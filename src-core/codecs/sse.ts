import { GatewayError } from '../model/error.ts'
import { holdsOne, type Words } from './byte-search.ts'

export interface SseFrame {
  /** The frame with its closing blank line. */
  bytes: Buffer
  /** The data lines joined with a line feed; '' when there are none. */
  data: string
  /** The event's name; '' when there is none. */
  event: string
}

/** One inline image can be a whole frame. */
const frameLimit = 64 * 1024 * 1024

const lineFeed = 0x0a
const carriageReturn = 0x0d

const twoFeeds = Buffer.from('\n\n')
/** How a blank line between CRLFs ends, and one after a lone LF. */
const feedAndPair = Buffer.from('\n\r\n')

export interface FrameSplitter {
  /** The frames this read completed; undefined when it completed none. */
  push(read: Buffer): FrameRun | undefined
  /** What was left at the end: a last frame without its blank line. */
  end(): FrameRun | undefined
}

/** Splits reads into frames. Accepts LF, CRLF and CR line ends, mixed or not, split anywhere. */
export function createFrameSplitter(): FrameSplitter {
  // Pieces of an unfinished frame are kept apart, so that a large one is copied once and not at every read.
  let pieces: Buffer[] = []
  let size = 0
  // The bytes before this read that may be the first half of a blank line.
  let tail = empty
  return {
    push(read) {
      const seam = tail.length === 0 ? read : Buffer.concat([tail, read])
      const end = lastBoundary(seam)
      if (end < 0) {
        pieces.push(read)
        size += read.length
        if (size > frameLimit) throw new GatewayError('stream-broken', 'The provider sent an event of more than 64 MB.')
        tail = seam.subarray(-3)
        return undefined
      }
      const whole = size === 0 ? read : Buffer.concat([...pieces, read])
      const cut = size - tail.length + end
      const left = whole.subarray(cut)
      pieces = left.length === 0 ? [] : [left]
      size = left.length
      tail = left.subarray(-3)
      return cut > 0 ? new FrameRun(whole.subarray(0, cut)) : undefined
    },
    end() {
      if (size === 0) return undefined
      const last = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
      return isBlank(last) ? undefined : new FrameRun(Buffer.concat([last, blankLineFor(last)]))
    },
  }
}

const empty: Buffer = Buffer.alloc(0)

/** Where the last blank line ends, or -1. */
function lastBoundary(bytes: Buffer): number {
  const unix = bytes.lastIndexOf(twoFeeds)
  const hasReturn = bytes.includes(carriageReturn)
  if (!hasReturn) return unix < 0 ? -1 : unix + 2
  const dos = bytes.lastIndexOf('\r\n\r\n')
  const mixed = bytes.lastIndexOf(feedAndPair)
  // A bare CR CR could still turn into CR CRLF; it counts once something else follows.
  let mac = bytes.lastIndexOf('\r\r')
  while (mac >= 0 && (mac + 2 >= bytes.length || bytes[mac + 2] === lineFeed))
    mac = mac === 0 ? -1 : bytes.lastIndexOf('\r\r', mac - 1)
  return Math.max(unix < 0 ? -1 : unix + 2, dos < 0 ? -1 : dos + 4, mixed < 0 ? -1 : mixed + 3, mac < 0 ? -1 : mac + 2)
}

function isBlank(bytes: Buffer): boolean {
  return bytes.toString('latin1').trim() === ''
}

function blankLineFor(bytes: Buffer): Buffer {
  return Buffer.from(bytes.at(-1) === lineFeed ? '\n' : '\n\n')
}

/** The complete frames of one read, exactly as they came. */
export class FrameRun {
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  frames(): Iterable<SseFrame> {
    return splitFrames(this.bytes)
  }

  /** Only frames that hold one of the marks, in order: found by native search, the others are not touched. */
  framesHolding(marks: Words, from: number): Iterable<SseFrame> {
    // nearly every read of a stream holds none
    return holdsOne(this.bytes, marks, from) ? markedFrames(this.bytes, marks, from) : none
  }

  /**
   * Where the last few frames begin: how a stream ends stands there, and searching all of a large read is dear. Short
   * reads are searched whole.
   */
  lastFew(): number {
    return this.bytes.length <= short ? 0 : startOfLast(this.bytes, few)
  }

  /** Every block is one `data: ` line: what the strictest clients can read. */
  strict(): boolean {
    return isStrict(this.bytes)
  }
}

const none: readonly SseFrame[] = []

/** How the lines of a run end. `mixed` is worked through byte by byte, the others by native search. */
type LineEnds = 'lf' | 'crlf' | 'mixed'

function lineEndsOf(bytes: Buffer): LineEnds {
  let at = bytes.indexOf(carriageReturn)
  if (at < 0) return 'lf'
  if (bytes.includes(twoFeeds)) return 'mixed'
  while (at >= 0) {
    if (bytes[at + 1] !== lineFeed) return 'mixed'
    at = bytes.indexOf(carriageReturn, at + 2)
  }
  return 'crlf'
}

/** Where the blank line that ends the frame starting at `from` ends. */
function frameEnd(bytes: Buffer, from: number, ends: LineEnds): number {
  if (ends !== 'mixed') {
    // LF CRLF is also how CRLF CRLF ends.
    const blank = ends === 'lf' ? twoFeeds : feedAndPair
    const found = bytes.indexOf(blank, from)
    return found < 0 ? bytes.length : found + blank.length
  }
  let at = from
  let lineStart = from
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte !== lineFeed && byte !== carriageReturn) {
      at++
      continue
    }
    const next = byte === carriageReturn && bytes[at + 1] === lineFeed ? at + 2 : at + 1
    if (at === lineStart) return next
    at = next
    lineStart = next
  }
  return bytes.length
}

function* splitFrames(bytes: Buffer): Generator<SseFrame> {
  const ends = lineEndsOf(bytes)
  let at = 0
  while (at < bytes.length) {
    // Blank lines between frames belong to no frame.
    if (bytes[at] === lineFeed || bytes[at] === carriageReturn) {
      at++
      continue
    }
    const end = frameEnd(bytes, at, ends)
    yield parseFrame(bytes.subarray(at, end))
    at = end
  }
}

/** The chunks that end an answer are three (finish, usage, [DONE]); some services add one or two. */
const few = 6
/** A read this short is searched faster than its last few frames are found. */
const short = 2048

function startOfLast(bytes: Buffer, frames: number): number {
  const blank = bytes.includes(carriageReturn, Math.max(0, bytes.length - 4)) ? feedAndPair : twoFeeds
  let at = bytes.length - blank.length
  for (let count = 0; count < frames && at >= 0; count++) at = at === 0 ? -1 : bytes.lastIndexOf(blank, at - 1)
  return at < 0 ? 0 : at + blank.length
}

function* markedFrames(bytes: Buffer, marks: Words, from: number): Generator<SseFrame> {
  const places = marks.map((mark) => bytes.indexOf(mark, from))
  const ends = lineEndsOf(bytes)
  if (ends === 'mixed') {
    for (const frame of splitFrames(bytes)) {
      const isBefore = frame.bytes.byteOffset - bytes.byteOffset < from
      if (!isBefore && marks.some((mark) => frame.bytes.includes(mark))) yield frame
    }
    return
  }
  const blank = ends === 'lf' ? twoFeeds : feedAndPair
  for (;;) {
    const place = Math.min(...places.filter((found) => found >= 0))
    if (place === Number.POSITIVE_INFINITY) return
    const before = bytes.lastIndexOf(blank, place)
    const start = Math.max(from, before < 0 ? 0 : before + blank.length)
    const end = frameEnd(bytes, place, ends)
    yield parseFrame(bytes.subarray(start, end))
    marks.forEach((mark, index) => {
      if (places[index]! >= 0 && places[index]! < end) places[index] = bytes.indexOf(mark, end)
    })
  }
}

function parseFrame(bytes: Buffer): SseFrame {
  const text = bytes.toString('utf8')
  // The ordinary frame is a single `data: ` line.
  if (text.startsWith('data: ')) {
    const end = text.indexOf('\n')
    if (end === text.length - 2 || (end === text.length - 3 && text.endsWith('\n\r\n'))) {
      return { bytes, data: text.slice(6, text[end - 1] === '\r' ? end - 1 : end), event: '' }
    }
  }
  let data: string | undefined
  let event = ''
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    if (line === '' || line[0] === ':') continue
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`
    else if (field === 'event') event = value
  }
  return { bytes, data: data ?? '', event }
}

const dataPrefix = Buffer.from('data: ')

function isStrict(bytes: Buffer): boolean {
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte === lineFeed || byte === carriageReturn) {
      at++
      continue
    }
    // `compare` throws beyond the end: a block may be shorter than what it is compared with
    if (bytes.length < at + 6 || bytes.compare(dataPrefix, 0, 6, at, at + 6) !== 0) return false
    if (bytes[at + 6] === 0x5b) return false
    const end = bytes.indexOf(lineFeed, at)
    if (end < 0) return false
    // The blank line must end as the line before it does.
    const dos = bytes[end - 1] === carriageReturn
    if (dos ? bytes[end + 1] !== carriageReturn || bytes[end + 2] !== lineFeed : bytes[end + 1] !== lineFeed)
      return false
    at = end + 1
  }
  return true
}
