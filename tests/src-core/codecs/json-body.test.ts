import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, peek, replaceSpan, stringifyJson } from '../../../src-core/codecs/json-body.ts'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { JsonObject } from '../../../src-core/model/json.ts'

describe('peek', () => {
  const body = Buffer.from(
    ' {"model" : "gpt\\u002d5", "stream":true, "n": 1.5e2, "a":{"model":"no","x":"}]"}, "messages":[ {"role":"user"}, "q\\\\", [1,[2]], 3 ],"empty":[], "none": null} ',
  )
  test('finds the members of the top level without decoding the rest', () => {
    const found = peek(body)
    expect(found.keys()).toEqual(['model', 'stream', 'n', 'a', 'messages', 'empty', 'none'])
    expect(found.string('model')).toBe('gpt-5')
    expect(found.boolean('stream')).toBe(true)
    expect(found.number('n')).toBe(150)
    expect(found.value('a')).toEqual({ model: 'no', x: '}]' })
    expect(found.itemCount('messages')).toBe(4)
    expect(found.lastItem('messages')).toBe(3)
    expect(found.lastItem('empty')).toBeUndefined()
    expect(found.string('stream')).toBeUndefined()
    expect(found.value('absent')).toBeUndefined()
    expect(found.value('none')).toBeNull()
  })

  test('a span can be replaced without touching the other bytes', () => {
    const span = peek(body).span('model')!
    expect(replaceSpan(body, span, '"x"').toString()).toBe(body.toString().replace('"gpt\\u002d5"', '"x"'))
  })

  test.each([
    ['', /it is empty/],
    ['[]', /a JSON object was expected/],
    ['"text"', /a JSON object was expected/],
    ['{', /key was expected/],
    ['{"a"}', /colon was expected/],
    ['{"a":}', /value was expected/],
    ['{"a":1', /not closed/],
    ['{"a":[1,2', /not closed/],
    ['{"a":"x', /text is not closed/],
    ['{"a":{"b":[}', /ends too early|not closed/],
    ['{"a":1}x', /something follows/],
    ['{"a":1,}', /key was expected/],
    ['{"a":[1,]}', /value was expected/],
  ])('%s is refused in words', (text, words) => {
    expect(() => peek(Buffer.from(text))).toThrow(GatewayError)
    expect(() => peek(Buffer.from(text))).toThrow(words)
  })

  test('agrees with JSON.parse on any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (object, indent) => {
        const parsed = JSON.parse(JSON.stringify(object)) as JsonObject
        const found = peek(Buffer.from(JSON.stringify(object, null, indent)))
        for (const key of Object.keys(parsed)) {
          expect(found.value(key)).toEqual(parsed[key])
          const list = parsed[key]
          if (Array.isArray(list)) expect(found.lastItem(key)).toEqual(list.at(-1))
        }
      }),
    )
  })

  test('junk never throws anything but a bad request', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('', '{', '{"a":', '{"a":['), (junk, start) => {
        try {
          peek(Buffer.concat([Buffer.from(start), junk]))
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
        }
      }),
    )
  })
})

describe('large bodies', () => {
  const large: JsonObject = {
    model: 'm',
    messages: Array.from({ length: 300 }, (_, index) => ({ role: 'user', content: `${index} "é漢"\n`.repeat(300) })),
    tools: [],
    nothing: undefined,
    ['__proto__' as string]: { a: 1 },
  }

  test('come through parse and stringify unchanged', async () => {
    const bytes = await stringifyJson(large)
    expect(bytes.equals(Buffer.from(JSON.stringify(large)))).toBe(true)
    expect(await parseJson(bytes)).toEqual(JSON.parse(bytes.toString()))
  })

  test('are worked through in slices: other work gets its turn', async () => {
    let turns = 0
    const tick = setInterval(() => turns++, 0)
    await parseJson(
      await stringifyJson({
        ...large,
        messages: [...(large.messages as []), ...(large.messages as []), ...(large.messages as [])],
      }),
    )
    clearInterval(tick)
    expect(turns).toBeGreaterThan(3)
  })

  test('malformed inside is still a bad request', async () => {
    const bytes = (await stringifyJson(large)).toString().replace('"role"', 'role')
    await expect(parseJson(Buffer.from(bytes))).rejects.toThrow(/not valid JSON/)
  })
})

test('small bodies stringify at once', async () => {
  expect((await stringifyJson({})).toString()).toBe('{}')
  expect((await stringifyJson({ a: [undefined as never, 1], b: undefined })).toString()).toBe('{"a":[null,1]}')
})
