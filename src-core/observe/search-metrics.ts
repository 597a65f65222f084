import { createCounter, createHistogram } from './prometheus.ts'

export interface SearchMetrics {
  /** One engine asked in a search. */
  tried(attempt: { engine: string; ms: number; hits: number; failure?: { kind: string } }): void
  /** As Prometheus reads it; nothing before the first search. */
  text(): string
}

/** Engines are few and named by the config, so each has its own series. */
export function createSearchMetrics(): SearchMetrics {
  const searches = createCounter('patchbay_searches_total', 'Engines asked in web searches.')
  const durations = createHistogram('patchbay_search_duration_seconds', 'How long an engine took.')
  let any = false
  return {
    tried({ engine, ms, hits, failure }) {
      any = true
      searches.add({ engine, outcome: failure?.kind ?? (hits === 0 ? 'empty' : 'ok') })
      durations.series({ engine }).observe(ms / 1000)
    },
    text: () => (any ? searches.print() + durations.print() : ''),
  }
}
