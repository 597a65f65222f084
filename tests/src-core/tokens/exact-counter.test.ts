import { setTimeout as wait } from 'node:timers/promises'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createExactCounter,
  type ExactCounter,
  type ExactCounterOptions,
} from '../../../src-core/tokens/exact-counter.ts'
import type { Section } from '../../../src-core/tokens/section.ts'

let counter: ExactCounter
const failures: unknown[] = []

function start(options: Partial<ExactCounterOptions> = {}): ExactCounter {
  failures.length = 0
  counter = createExactCounter({ failed: (thrown) => failures.push(thrown), ...options })
  return counter
}
afterEach(() => counter.close())

/** Each value as a section of one body. */
function bodyOf(values: readonly unknown[], kind: Section['kind'] = 'message'): { body: Buffer; sections: Section[] } {
  const pieces = values.map((value) => Buffer.from(JSON.stringify(value)))
  let at = 1
  const sections = pieces.map((piece): Section => {
    const section = { kind, start: at, end: at + piece.length }
    at = section.end + 1
    return section
  })
  return { body: Buffer.from(`[${pieces.join(',')}]`), sections }
}

const message = (content: string) => ({ role: 'user', content })

describe('exact-counter', () => {
  test('counts each section in a thread that begins with the first work', async () => {
    const { running, count } = start()
    expect(running).toBe(false)
    const texts = ['hello world', 'Grüße aus 東京 <|endoftext|>', '']
    const { body, sections } = bodyOf(texts.map(message))
    const expected = texts.map((text) => ({ text: countTokens(text, { disallowedSpecial: new Set() }), media: 0 }))
    expect(await count(body, sections)).toEqual(expected)
    expect(counter.running).toBe(true)
  })

  test('tools as the JSON they are, media apart', async () => {
    const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } }
    const tools = bodyOf([tool], 'tools')
    expect(await start().count(tools.body, tools.sections)).toEqual([
      { text: countTokens(JSON.stringify(tool)), media: 0 },
    ])
    const image = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] }
    const media = bodyOf([image])
    expect(await counter.count(media.body, media.sections)).toEqual([{ text: 0, media: 1 }])
  })

  test('several at a time keep their order and their answers', async () => {
    const { count } = start()
    const asked = Array.from({ length: 5 }, (_, index) => bodyOf([message('word '.repeat(index + 1))]))
    const counts = await Promise.all(asked.map(({ body, sections }) => count(body, sections)))
    expect(counts).toEqual(asked.map((_, index) => [{ text: countTokens('word '.repeat(index + 1)), media: 0 }]))
  })

  test('much work goes over in pieces', async () => {
    const text = 'All work and no play makes Jack a dull boy. '.repeat(10_000)
    const { body, sections } = bodyOf([message(text), message('short'), message(text), message(text)])
    const counts = await start().count(body, sections)
    expect(counts?.map((one) => one.text)).toEqual([countTokens(text), 1, countTokens(text), countTokens(text)])
  })

  test('too much is not begun', async () => {
    const body = Buffer.alloc(33 * 1024 * 1024, '"')
    expect(await start().count(body, [{ kind: 'message', start: 0, end: body.length }])).toBeUndefined()
    expect([counter.running, failures]).toEqual([false, []])
  })

  test('the thread ends when there is nothing to do, and begins again', async () => {
    const { count } = start({ idleMs: 1 })
    const { body, sections } = bodyOf([message('hello world')])
    expect(await count(body, sections)).toEqual([{ text: 2, media: 0 }])
    while (counter.running) await wait(1)
    expect(await count(body, sections)).toEqual([{ text: 2, media: 0 }])
    expect(failures).toEqual([])
  })

  test('a thread that does not answer is told of once, and not started again', async () => {
    const { count } = start({ stuckMs: 0 })
    const { body, sections } = bodyOf([message('hello world')])
    expect(await Promise.all([count(body, sections), count(body, sections)])).toEqual([undefined, undefined])
    expect(failures).toHaveLength(1)
    expect(counter.running).toBe(false)
  })

  test('closing ends what is under way, and is no failure', async () => {
    const { count, close } = start()
    const { body, sections } = bodyOf([message('hello world')])
    const counts = count(body, sections)
    await close()
    expect(await counts).toBeUndefined()
    expect(await count(body, sections)).toBeUndefined()
    expect(failures).toEqual([])
  })
})
