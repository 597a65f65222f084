import type { Exchange } from './exchange-record.ts'
import type { ExchangeLog } from './exchanges.ts'
import { createCounter, createHistogram, printGauge } from './prometheus.ts'

export interface Metrics {
  /** Everything, as Prometheus reads it. */
  text(): string
}

export interface MetricsOptions {
  exchanges: Pick<ExchangeLog, 'open' | 'subscribe'>
  memory?: () => { rss: number; heapUsed: number }
  /** Since the process started. */
  uptimeSeconds?: () => number
}

/** A provider may take any model name, so targets beyond these are counted together. */
const mostTargets = 200

/** Client model names are no labels: anyone can invent them. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { exchanges, memory = process.memoryUsage, uptimeSeconds = process.uptime } = options
  const requests = createCounter('patchbay_requests_total', 'Client requests that have ended.')
  const durations = createHistogram(
    'patchbay_request_duration_seconds',
    'From the request until the end of its answer.',
  )
  const firstContents = createHistogram(
    'patchbay_time_to_first_content_seconds',
    'From the request until its first content.',
  )
  const tokens = createCounter('patchbay_tokens_total', 'Tokens as the providers reported them.')
  const attempts = createCounter('patchbay_attempts_total', 'Calls to targets.')
  const retries = createCounter('patchbay_retries_total', 'Calls beyond the first of a request.')
  const labelOf = createBoundedLabels(mostTargets)

  /** The series of requests that end alike: nearly all of them do, so their labels are worked out once. */
  const alike = new Map<string, ReturnType<typeof seriesOf>>()
  const seriesOf = (protocol: string, target: string, status: string) => ({
    requests: requests.series({ protocol, target, status }),
    durations: durations.series({ protocol }),
    answered: attempts.series({ target, outcome: 'ok' }),
    input: tokens.series({ target, kind: 'input' }),
    cachedInput: tokens.series({ target, kind: 'cached_input' }),
    output: tokens.series({ target, kind: 'output' }),
    reasoning: tokens.series({ target, kind: 'reasoning' }),
  })

  function count(exchange: Exchange): void {
    const { protocol, usage, status = 0, durationMs = 0, firstContentMs } = exchange
    // What was never called is only a name the client gave.
    const called = exchange.attempts.length > 0 ? exchange.target : undefined
    const target = called === undefined ? 'none' : labelOf(called)
    const key = `${protocol} ${status} ${target}`
    let series = alike.get(key)
    if (!series) {
      series = seriesOf(protocol, target, String(status))
      alike.set(key, series)
    }
    series.requests.value += 1
    series.durations.observe(durationMs / 1000)
    if (firstContentMs !== undefined) firstContents.series({ protocol }).observe(firstContentMs / 1000)
    for (const attempt of exchange.attempts) {
      const outcome = attempt.error?.kind ?? attempt.outcome
      if (outcome === 'ok' && attempt.target === called) series.answered.value += 1
      else attempts.add({ target: labelOf(attempt.target), outcome })
    }
    if (exchange.attempts.length > 1) retries.add({}, exchange.attempts.length - 1)
    if (!usage) return
    series.input.value += usage.inputTokens
    series.cachedInput.value += usage.cachedInputTokens ?? 0
    series.output.value += usage.outputTokens
    series.reasoning.value += usage.reasoningTokens ?? 0
  }

  exchanges.subscribe(({ type, exchange }) => {
    if (type === 'ended') count(exchange)
  })

  return {
    text() {
      const { rss, heapUsed } = memory()
      return [
        requests.print(),
        durations.print(),
        firstContents.print(),
        tokens.print(),
        attempts.print(),
        retries.print(),
        printGauge('patchbay_open_exchanges', 'Client requests under way.', exchanges.open()),
        printGauge('process_resident_memory_bytes', 'Resident memory.', rss),
        printGauge('nodejs_heap_size_used_bytes', 'Heap in use.', heapUsed),
        printGauge('process_uptime_seconds', 'Since the process started.', uptimeSeconds()),
      ].join('')
    },
  }
}

function createBoundedLabels(most: number): (label: string) => string {
  const known = new Set<string>()
  return (label) => {
    if (known.has(label)) return label
    if (known.size >= most) return 'other'
    known.add(label)
    return label
  }
}
