import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createLog, type LogOptions } from '../../../src-core/observe/log.ts'
import { createRedactor } from '../../../src-core/observe/redact.ts'

function rig(options: Partial<LogOptions> = {}) {
  const written: string[] = []
  const log = createLog({
    level: 'info',
    format: 'json',
    redactor: createRedactor({ known: () => ['open-sesame'] }),
    write: (lines) => void written.push(lines),
    now: () => 0,
    ...options,
  })
  return { log, written }
}

describe('log', () => {
  test('nothing is written in the caller’s turn; lines come together', async () => {
    const { log, written } = rig({ flushMs: 5 })
    log.info('one')
    log.warn('two', { target: 'p.m' })
    expect(written).toEqual([])
    await sleep(30)
    expect(written).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"one"}\n' +
        '{"target":"p.m","time":"1970-01-01T00:00:00.000Z","level":"warn","message":"two"}\n',
    ])
  })

  test('flush writes at once, and only once', () => {
    const { log, written } = rig()
    log.error('bye')
    log.flush()
    log.flush()
    expect(written.length).toBe(1)
  })

  test('below the level nothing is kept', () => {
    const { log, written } = rig({ level: 'warn' })
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.flush()
    expect(written.join('').match(/"message":"."/g)).toEqual(['"message":"c"'])
  })

  test('secrets are gone, in message and fields', () => {
    const { log, written } = rig()
    log.info('said open-sesame', { headers: { 'x-api-key': 'k' }, url: '/?key=1', error: new Error('open-sesame') })
    log.flush()
    expect(written[0]).not.toContain('open-sesame')
    expect(JSON.parse(written[0]!)).toMatchObject({
      message: 'said ***',
      headers: { 'x-api-key': '***' },
      url: '/?key=***',
    })
  })

  test('fields cannot forge the line’s own', () => {
    const { log, written } = rig()
    log.info('real', { level: 'error', message: 'fake', time: 'never' })
    log.flush()
    expect(JSON.parse(written[0]!)).toEqual({ time: '1970-01-01T00:00:00.000Z', level: 'info', message: 'real' })
  })

  test('under load routine lines give way to trouble', () => {
    const { log, written } = rig({ routineCapacity: 1 })
    let asked = 0
    for (const message of ['a', 'b', 'c']) log.info(message, () => ({ asked: ++asked }))
    log.error('trouble')
    log.flush()
    expect(written[0]!.match(/"message":"[^"]+"/g)).toEqual([
      '"message":"a"',
      '"message":"trouble"',
      '"message":"log lines dropped"',
    ])
    expect(asked).toBe(1)
  })

  test('the buffer has an end, and what is lost is counted', () => {
    const { log, written } = rig({ capacity: 2 })
    for (const message of ['a', 'b', 'c', 'd']) log.info(message)
    log.flush()
    const lines = written[0]!
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ message, count }) => [message, count])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['log lines dropped', 2],
    ])
  })

  test('for people: one line each, whatever the words', () => {
    const { log, written } = rig({ format: 'words' })
    log.info('listening\nERROR forged \u001b[31m', { port: 4141, url: 'http://x', words: 'a b', none: undefined })
    log.flush()
    expect(written[0]).toBe('00:00:00.000 info  listening ERROR forged  [31m port=4141 url=http://x words="a b"\n')
  })
})
