import type { AnswerOf } from '../src-core/control/contract.ts'

export type ExchangeSummary = AnswerOf<'listExchanges'>['exchanges'][number]

/** What the window remembers of the traffic; older exchanges are asked for when wanted. */
export const mostRemembered = 10_000

/** Newest first. */
export type ExchangeRing = readonly ExchangeSummary[]

/** The ring with what was told since: a known exchange is replaced in place, a new one comes first. */
export function remember(ring: ExchangeRing, told: readonly ExchangeSummary[]): ExchangeRing {
  if (told.length === 0) return ring
  const latest = new Map(told.map((exchange) => [exchange.id, exchange]))
  const known = ring.map((exchange) => {
    const next = latest.get(exchange.id)
    latest.delete(exchange.id)
    // a page that was asked for earlier may come later than the end it does not know of
    return next && !(exchange.state === 'ended' && next.state === 'open') ? next : exchange
  })
  const all = latest.size === 0 ? known : [...latest.values(), ...known].sort(newestFirst)
  return all.length > mostRemembered ? all.slice(0, mostRemembered) : all
}

const newestFirst = (one: ExchangeSummary, other: ExchangeSummary): number =>
  other.startedAt - one.startedAt || (one.id < other.id ? 1 : -1)
