import { describe, expect, test } from 'vitest'
import type { StreamChunk } from '../../../src-core/model/event.ts'
import type { Generate } from '../../../src-core/model/generate.ts'
import { createRecordedBodies } from '../../../src-core/observe/recorded-bodies.ts'
import { createRedactor } from '../../../src-core/observe/redact.ts'
import { hear, patient, playAnswer } from '../../helpers/answer-steps.ts'
import { request } from '../router/rig.ts'

const answer: StreamChunk[] = [
  { events: [{ type: 'response-start', id: 'r', model: 'm' }] },
  { events: [{ type: 'text-delta', text: 'the key is ' }] },
  { events: [{ type: 'text-delta', text: 'sesame-open' }] },
  { events: [{ type: 'tool-call', id: 'c', name: 'look', args: { at: 1 } }] },
]

function rig(options: { mostBytes?: number; chunks?: StreamChunk[] } = {}) {
  const config = { wanted: true }
  const bodies = createRecordedBodies({
    wanted: () => config.wanted,
    redactor: createRedactor({ known: () => ['sesame-open'] }),
    mostBytes: options.mostBytes,
  })
  const play: Generate = (_request, caller) => playAnswer(options.chunks ?? answer, caller)
  const run = async (id: string, body: string, path = '/v1/chat/completions') => {
    const asked = request({ id, body: Buffer.from(body) })
    await hear((caller) => bodies.withBodies(play)({ ...asked, wire: { ...asked.wire, path } }, caller))
  }
  return { bodies, config, run, play }
}

describe('recorded bodies', () => {
  test('are kept as they came and shown without secrets', async () => {
    const { bodies, run } = rig()
    await run('x1', '{"messages":[{"content":"my key is sesame-open"}]}', '/v1/x?key=AIzaSyDeadBeef&alt=sse')
    expect(bodies.request('x1')).toMatchObject({ path: '/v1/x?key=***&alt=sse', protocol: 'openai-chat' })
    expect(bodies.request('x1')!.body.toString()).toContain('sesame-open')
    expect(bodies.request('x1')).not.toHaveProperty('headers')
    expect(bodies.shown('x1')).toEqual({
      request: '{"messages":[{"content":"my key is ***"}]}',
      answer: 'the key is ***\nlook({"at":1})\n',
    })
  })

  test('a relayed answer is what the provider sent', async () => {
    const { bodies, run } = rig({
      chunks: [{ events: [{ type: 'text-delta', text: 'x' }], wire: Buffer.from('data: {"x":1}\n\n') }],
    })
    await run('x1', '{}')
    expect(bodies.shown('x1')!.answer).toBe('data: {"x":1}\n\n')
  })

  test('are not there unless they are wanted, and go as soon as they are not', async () => {
    const { bodies, config, run, play } = rig()
    config.wanted = false
    await run('x1', '{}')
    expect(bodies.request('x1')).toBeUndefined()
    const untouched = play(request(), patient)
    expect(bodies.withBodies(() => untouched)(request(), patient)).toBe(untouched)
    config.wanted = true
    await run('x2', '{}')
    expect(bodies.request('x2')).toBeDefined()
    config.wanted = false
    expect(bodies.shown('x2')).toBeUndefined()
    config.wanted = true
    expect(bodies.shown('x2')).toBeUndefined()
  })

  test('are bounded: the oldest go, a giant is cut where it is shown', async () => {
    const { bodies, run } = rig({ mostBytes: 250_000 })
    await run('x1', 'a'.repeat(100_000))
    await run('x2', 'b'.repeat(100_000))
    await run('x3', 'c'.repeat(100_000))
    expect([bodies.request('x1'), bodies.request('x2')?.body.length]).toEqual([undefined, 100_000])
    expect(bodies.shown('x3')!.request).toHaveLength(64 * 1024)
    await run('x4', 'd'.repeat(300_000))
    expect(['x2', 'x3', 'x4'].map((id) => bodies.request(id))).toEqual([undefined, undefined, undefined])
  })
})
