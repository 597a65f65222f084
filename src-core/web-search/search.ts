import { clientGone, GatewayError } from '../model/error.ts'
import type { SearchTry } from '../model/search-note.ts'
import type { Target } from '../model/target.ts'
import type { EngineAnswer, EngineState, Search, SearchEngine } from './engine.ts'
import { orderEngines, restingLast } from './order.ts'

/** An engine of the config with all that asking it needs. */
export interface ReadyEngine extends Omit<EngineState, 'resting' | 'noCredential'> {
  /** One for each of its credentials; none when it is closed. */
  ways: { target: Target; secret?: string; search: SearchEngine }[]
}

/** The engines' own: what fails here says nothing about the same target in a conversation. */
export interface EngineHealth {
  state(target: Target): { until: number }
  record(target: Target, outcome: 'ok' | GatewayError): void
}

export interface SearchParts {
  engines(): readonly ReadyEngine[]
  health: EngineHealth
  /** Over all engines of one search. */
  deadlineMs(): number
  /** Milliseconds; need not be of any day. */
  now(): number
  /** Told of each failure, for the log. */
  failed(engine: string, error: GatewayError): void
}

export function createSearch({ engines, health, deadlineMs, now, failed }: SearchParts): Search {
  return async (query, { signal, wire }) => {
    const startedAt = now()
    const end = startedAt + deadlineMs()
    const open = engines().filter(({ ways }) => ways.length > 0)
    const rests = ({ target }: { target: Target }) => health.state(target).until > 0
    const order = orderEngines(open, query.engine, ({ ways }) => ways.every(rests))
    const ways = order.engines.flatMap(({ id, ways }) => restingLast(ways, rests).map((way) => ({ id, ...way })))
    const tries: SearchTry[] = []
    let nothing: { engine: string; answer: EngineAnswer } | undefined

    const noted = (engine: string | undefined, hits: number) => ({
      query: query.query,
      ...(engine !== undefined && { engine }),
      because: order.because,
      tries,
      ms: Math.round(now() - startedAt),
      hits,
    })
    const found = (engine: string, { summary, hits }: EngineAnswer) => ({
      result: { engine, query: query.query, summary, hits },
      note: noted(engine, hits.length),
    })

    for (const [index, { id, target, search }] of ways.entries()) {
      const triedAt = now()
      if (index > 0 && triedAt >= end) break
      // whoever is left shares the time that is left
      const share = Math.max(1, Math.round((end - triedAt) / (ways.length - index)))
      const deadline = AbortSignal.timeout(share)
      try {
        const answer = await search(query, { signal: AbortSignal.any([signal, deadline]), wire })
        if (signal.aborted) throw clientGone()
        health.record(target, 'ok')
        const { hits, usage } = answer
        tries.push({ engine: id, ms: Math.round(now() - triedAt), hits: hits.length, ...(usage && { usage }) })
        if (hits.length > 0 || answer.summary !== '') return found(id, answer)
        nothing ??= { engine: id, answer }
      } catch (thrown) {
        if (signal.aborted) throw clientGone(thrown)
        const error = deadline.aborted ? tooSlow(id, share, thrown) : GatewayError.from(thrown)
        health.record(target, error)
        failed(id, error)
        const { kind, message } = error
        tries.push({ engine: id, ms: Math.round(now() - triedAt), hits: 0, failure: { kind, message } })
      }
    }
    if (nothing) return found(nothing.engine, nothing.answer)
    return { failed: failedWords(tries, engines()), note: noted(undefined, 0) }
  }
}

const tooSlow = (engine: string, ms: number, cause: unknown): GatewayError =>
  new GatewayError('timeout', `${engine} did not answer within ${Math.max(1, Math.round(ms / 1000))} s.`, { cause })

const longestFailure = 300

/** For the model: what happened, and what it can do. */
function failedWords(tries: readonly SearchTry[], engines: readonly ReadyEngine[]): string {
  const failures = tries.map(({ engine, failure }) => `${engine}: ${failure?.message ?? 'it found nothing.'}`)
  const closed = engines.flatMap(({ id, closed }) => (closed === undefined ? [] : `${id}: ${closed}.`))
  const reasons = [...failures, ...closed].map((reason) => reason.slice(0, longestFailure).toWellFormed())
  if (reasons.length === 0) return 'The web cannot be searched: no search engine is configured.'
  return `The web search failed. ${reasons.join(' ')} Other words may help; otherwise answer without it, and say so.`
}
