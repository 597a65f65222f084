import { expect, test } from 'vitest'
import { readEvents } from '../../renderer/read-events.ts'

const whole = ':\n\nevent: state\ndata: {"a":"ü"}\n\n:\n\nevent: health\ndata: {}\n\n'

test.each([1, 2, 7, 1000])('in pieces of %d bytes', async (size) => {
  const bytes = new TextEncoder().encode(whole)
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
  const events: unknown[] = []
  for await (const event of readEvents(body)) events.push(event)
  expect(events).toEqual([undefined, { name: 'state', data: '{"a":"ü"}' }, undefined, { name: 'health', data: '{}' }])
})
