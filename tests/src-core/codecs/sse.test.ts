import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFrameSplitter, type FrameRun, type SseFrame } from '../../../src-core/codecs/sse.ts'

function* readFrames(pieces: readonly Buffer[]): Generator<FrameRun> {
  const splitter = createFrameSplitter()
  for (const piece of pieces) {
    const run = splitter.push(piece)
    if (run) yield run
  }
  const last = splitter.end()
  if (last) yield last
}

async function read(...pieces: (string | Buffer)[]) {
  const frames: Omit<SseFrame, 'bytes'>[] = []
  const bytes: Buffer[] = []
  let strict = true
  for (const run of readFrames(pieces.map((piece) => Buffer.from(piece as string)))) {
    bytes.push(run.bytes)
    strict &&= run.strict()
    for (const frame of run.frames()) frames.push({ data: frame.data, event: frame.event })
  }
  return {
    data: frames.map((frame) => frame.data),
    events: frames.map((frame) => frame.event),
    bytes: Buffer.concat(bytes).toString(),
    strict,
  }
}

function splitEvery(text: string, size: number): Buffer[] {
  const bytes = Buffer.from(text)
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

describe('frames', () => {
  const cases: [name: string, stream: string, data: string[], strict: boolean][] = [
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b'], true],
    ['a comment of one byte', ':\n\n', [''], false],
    ['a comment of one byte behind a frame', 'data: a\n\n:\n\n', ['a', ''], false],
    ['blanks', ' \n\n', [''], false],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b'], true],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b'], false],
    ['LF, then CRLF', 'data: a\n\r\n', ['a'], false],
    ['CRLF, then LF', 'data: a\r\n\n', ['a'], false],
    ['both kinds of blank lines', 'data: a\r\n\r\ndata: b\n\n', ['a', 'b'], true],
    ['mixed line ends', 'data: a\r\n\ndata: b\n\r\ndata: c\n\n', ['a', 'b', 'c'], false],
    ['no space after the colon', 'data:a\n\n', ['a'], false],
    ['several data lines', 'data: a\ndata: b\n\n', ['a\nb'], false],
    ['named event', 'event: ping\ndata: {}\n\n', ['{}'], false],
    ['comment of its own', ': keep-alive\n\ndata: a\n\n', ['', 'a'], false],
    ['comment glued to data', ': x\ndata: a\n\n', ['a'], false],
    ['id and retry lines', 'id: 7\nretry: 10\ndata: a\n\n', ['a'], false],
    ['extra blank lines', '\n\ndata: a\n\n\n\ndata: b\n\n\n', ['a', 'b'], true],
    ['last frame without its blank line', 'data: a\n\ndata: b', ['a', 'b'], true],
    ['last frame with half of it', 'data: a\n\ndata: b\n', ['a', 'b'], true],
    ['done marker', 'data: [DONE]\n\n', ['[DONE]'], false],
    ['byte order mark', '\uFEFFdata: a\n\n', ['a'], false],
    ['nothing', '', [], true],
    ['only white space', '\n \n', [], true],
    ['HTML', '<html>\n\n</html>', ['', ''], false],
    ['letters of several bytes', 'data: Рома 🏙\n\n', ['Рома 🏙'], true],
  ]
  test.each(cases)('%s', async (_name, stream, data, strict) => {
    const whole = await read(stream)
    expect(whole.data).toEqual(data)
    expect(whole.strict).toBe(strict)
    for (const size of [1, 2, 3, 5]) expect((await read(...splitEvery(stream, size))).data).toEqual(data)
  })

  test.each(['\n\n', '\r\n\r\n', '\r\r', '\n\r\n'])('marked frames are found between %j', async (end) => {
    const stream = ['one', 'two x', 'three', 'four y x', 'five'].map((text) => `data: ${text}${end}`).join('')
    const marks = [Buffer.from('x'), Buffer.from('y')]
    for (const run of readFrames([Buffer.from(`${stream}data: last\n\n`)])) {
      const found = (from: number) => [...run.framesHolding(marks, from)].map(({ data }) => data)
      expect(found(0)).toEqual(['two x', 'four y x'])
      expect(found(stream.indexOf('data: three'))).toEqual(['four y x'])
      expect(found(stream.indexOf('data: five'))).toEqual([])
    }
  })

  test.each(['\n\n', '\r\n\r\n'])('the last few frames begin where they do, between %j', (end) => {
    const long = 'x'.repeat(2000)
    for (const count of [1, 3, 6, 7, 50]) {
      const frames = Array.from({ length: count }, (_, index) => `data: ${index} ${long}${end}`)
      const [run] = readFrames([Buffer.from(frames.join(''))])
      expect(run!.bytes.subarray(run!.lastFew()).toString()).toBe(frames.slice(-6).join(''))
    }
  })

  test('a short read is searched whole', () => {
    const [run] = readFrames([Buffer.from('data: 1\n\n'.repeat(50))])
    expect(run!.lastFew()).toBe(0)
  })

  test('the event name is kept', async () => {
    expect((await read('event: message_stop\ndata: {}\n\n')).events).toEqual(['message_stop'])
  })

  test('complete frames keep every byte, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, '')),
            fc.constantFrom('\n\n', '\r\n\r\n'),
          ),
          {
            minLength: 1,
          },
        ),
        fc.integer({ min: 1, max: 9 }),
        async (frames, size) => {
          const stream = frames.map(([text, end]) => `data: ${text}${end}`).join('')
          const result = await read(...splitEvery(stream, size))
          expect(result.bytes).toBe(Buffer.from(stream).toString())
          expect(result.data).toEqual(frames.map(([text]) => Buffer.from(text).toString()))
        },
      ),
    )
  })
})
