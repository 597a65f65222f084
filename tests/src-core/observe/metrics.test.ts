import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../../src-core/observe/exchange-record.ts'
import type { ExchangeListener } from '../../../src-core/observe/exchanges.ts'
import { createMetrics } from '../../../src-core/observe/metrics.ts'

function rig() {
  let listener: ExchangeListener | undefined
  const metrics = createMetrics({
    exchanges: {
      open: () => 4,
      subscribe: (given) => {
        listener = given
        return () => {}
      },
    },
    memory: () => ({ rss: 1000, heapUsed: 500 }),
    uptimeSeconds: () => 12,
  })
  const end = (exchange: Partial<Exchange>): void => listener!({ type: 'ended', exchange: { ...ended, ...exchange } })
  return { metrics, end, listener: listener! }
}

const ended: Exchange = {
  id: 'x1',
  startedAt: 0,
  state: 'ended',
  protocol: 'gemini-chat',
  clientModel: 'a-name-anyone-can-invent',
  stream: true,
  requestBytes: 10,
  relayedBytes: 0,
  because: [],
  target: 'p.m',
  attempts: [{ target: 'p.m', attempt: 1, startedAt: 0, outcome: 'ok', durationMs: 70 }],
  skipped: [],
  dropped: [],
  status: 200,
  firstContentMs: 30,
  durationMs: 70,
}

const lines = (text: string, start: string): string[] => text.split('\n').filter((line) => line.startsWith(start))

describe('metrics', () => {
  test('requests by protocol, target and status', () => {
    const { metrics, end } = rig()
    end({})
    end({})
    end({ status: 400, target: 'p.named-but-never-called', attempts: [] })
    expect(lines(metrics.text(), 'patchbay_requests_total')).toEqual([
      'patchbay_requests_total{protocol="gemini-chat",target="p.m",status="200"} 2',
      'patchbay_requests_total{protocol="gemini-chat",target="none",status="400"} 1',
    ])
  })

  test('only what has ended counts', () => {
    const { metrics, listener } = rig()
    listener({ type: 'started', exchange: ended })
    listener({ type: 'attempt', exchange: ended })
    expect(lines(metrics.text(), 'patchbay_requests_total')).toEqual([])
  })

  test('a histogram is cumulative and closes with its sum and count', () => {
    const { metrics, end } = rig()
    end({})
    end({ durationMs: 700_000 })
    const found = lines(metrics.text(), 'patchbay_request_duration_seconds')
    const series = 'patchbay_request_duration_seconds'
    expect(found).toContain(`${series}_bucket{protocol="gemini-chat",le="0.05"} 0`)
    expect(found).toContain(`${series}_bucket{protocol="gemini-chat",le="0.1"} 1`)
    expect(found).toContain(`${series}_bucket{protocol="gemini-chat",le="600"} 1`)
    expect(found.slice(-3)).toEqual([
      `${series}_bucket{protocol="gemini-chat",le="+Inf"} 2`,
      `${series}_sum{protocol="gemini-chat"} 700.07`,
      `${series}_count{protocol="gemini-chat"} 2`,
    ])
  })

  test('tokens, attempts, retries, gauges', () => {
    const { metrics, end } = rig()
    end({
      usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 7, totalTokens: 107 },
      attempts: [
        { target: 'q.m', attempt: 1, startedAt: 0, outcome: 'failed', error: { kind: 'timeout', message: '' } },
        ...ended.attempts,
      ],
    })
    const text = metrics.text()
    expect(lines(text, 'patchbay_tokens_total')).toEqual([
      'patchbay_tokens_total{target="p.m",kind="input"} 100',
      'patchbay_tokens_total{target="p.m",kind="cached_input"} 40',
      'patchbay_tokens_total{target="p.m",kind="output"} 7',
    ])
    expect(lines(text, 'patchbay_attempts_total')).toEqual([
      'patchbay_attempts_total{target="p.m",outcome="ok"} 1',
      'patchbay_attempts_total{target="q.m",outcome="timeout"} 1',
    ])
    expect(lines(text, 'patchbay_retries_total')).toEqual(['patchbay_retries_total 1'])
    expect(lines(text, 'patchbay_open_exchanges')).toEqual(['patchbay_open_exchanges 4'])
    expect(lines(text, 'process_resident_memory_bytes')).toEqual(['process_resident_memory_bytes 1000'])
  })

  test('names anyone can invent make no series', () => {
    const { metrics, end } = rig()
    for (let turn = 0; turn < 1000; turn += 1) end({ target: `gemini.any-${turn}`, clientModel: `any-${turn}` })
    const found = lines(metrics.text(), 'patchbay_requests_total')
    expect(found.length).toBeLessThanOrEqual(201)
    expect(metrics.text()).not.toContain('a-name-anyone-can-invent')
    expect(found.some((line) => line.includes('target="other"'))).toBe(true)
  })

  test('every line is Prometheus, whatever the target is called', () => {
    const { metrics, end } = rig()
    end({ target: 'p.odd"name\\with\nall' })
    const shape = /^(# (HELP|TYPE) .+|[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)*\})? -?[0-9.e+-]+)$/
    for (const line of metrics.text().trimEnd().split('\n')) expect(line).toMatch(shape)
  })
})
