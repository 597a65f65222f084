import { describe, expect, test } from 'vitest'
import type { StreamDecoder } from '../../../src-core/codecs/codec.ts'
import type { StreamChunk } from '../../../src-core/model/event.ts'
import { collect } from '../../../src-core/model/flow.ts'
import { flowOf } from '../../../src-core/model/flow-of.ts'
import { decodedFlow } from '../../../src-core/providers/decoded-flow.ts'

/** A chunk for each read that holds letters; `!` is the end of all, `?` cannot be read, and there is a last word. */
function letters(): StreamDecoder {
  let done = false
  const say = (text: string): StreamChunk => ({ events: [{ type: 'text-delta', text }] })
  return {
    push(read) {
      const text = read.toString()
      if (text === '?') throw new Error('unreadable')
      done = text.includes('!')
      return text === '-' ? undefined : say(text)
    },
    end: () => say('last'),
    done() {
      return done
    },
  }
}

async function* reads(texts: string[], closed: string[] = []): AsyncGenerator<Buffer> {
  try {
    for (const text of texts) yield Buffer.from(text)
  } finally {
    closed.push('closed')
  }
}

const said = (chunks: StreamChunk[]): string[] =>
  chunks.flatMap(({ events }) => events.map((event) => (event.type === 'text-delta' ? event.text : event.type)))

describe('a decoded flow', () => {
  test.each([
    ['reads that say nothing are passed over; the decoder has the last word', ['a', '-', 'b'], ['a', 'b', 'last']],
    ['what follows the end does not count', ['a', 'b!', 'c'], ['a', 'b!']],
    ['nothing at all', [], ['last']],
  ])('%s', async (_, texts, words) => {
    expect(said(await collect(decodedFlow(flowOf(reads(texts)), letters())))).toEqual(words)
  })

  test('what cannot be read fails and closes the source', async () => {
    const closed: string[] = []
    await expect(collect(decodedFlow(flowOf(reads(['a', '?', 'b'], closed)), letters()))).rejects.toThrow('unreadable')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(closed).toEqual(['closed'])
  })

  test('an end that comes while the reader stands still waits for the next one', async () => {
    const flow = decodedFlow(flowOf(reads(['a!'])), letters())
    const first = await new Promise<StreamChunk>((resolve, reject) => {
      flow.into({
        next(chunk) {
          flow.pause()
          resolve(chunk)
        },
        end: () => reject(new Error('told too early')),
        failed: reject,
      })
    })
    expect(said([first])).toEqual(['a!'])
    expect(await collect(flow)).toEqual([])
  })
})
