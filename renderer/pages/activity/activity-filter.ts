import type { ExchangeRing, ExchangeSummary } from '../../exchange-ring.ts'

/** Which exchanges are shown; everything set must be true of them. */
export interface ActivityFilter {
  result: 'all' | 'open' | 'failed' | 'moved-on' | 'searched'
  target: string
  route: string
  text: string
}

export const everything: ActivityFilter = { result: 'all', target: '', route: '', text: '' }

export function filterExchanges(exchanges: ExchangeRing, filter: ActivityFilter): ExchangeRing {
  const { result, target, route, text } = filter
  if (result === 'all' && target === '' && route === '' && text === '') return exchanges
  const wanted = text.toLowerCase()
  return exchanges.filter(
    (exchange) =>
      hasResult(exchange, result) &&
      (target === '' || exchange.target === target) &&
      (route === '' || exchange.route === route) &&
      (wanted === '' || wordsOf(exchange).includes(wanted)),
  )
}

function hasResult({ state, error, calls, searches }: ExchangeSummary, result: ActivityFilter['result']): boolean {
  switch (result) {
    case 'all':
      return true
    case 'open':
      return state === 'open'
    case 'failed':
      return error !== undefined && error.kind !== 'client-gone'
    case 'moved-on':
      return calls > 1
    case 'searched':
      return searches !== undefined
  }
}

function wordsOf({ id, clientModel, model, target, route, error }: ExchangeSummary): string {
  return [id, clientModel, model, target, route, error?.kind, error?.message].join('\n').toLowerCase()
}

/** Names that occur, for the lists to choose from. */
export function namesIn(exchanges: ExchangeRing, of: 'target' | 'route'): string[] {
  return [...new Set(exchanges.map((exchange) => exchange[of]))].filter((name) => name !== undefined).sort()
}

/**
 * A list that was held still, brought up to date: its exchanges as they are now, and none that came since.
 */
export function heldStill(held: ExchangeRing, exchanges: ExchangeRing): ExchangeRing {
  const now = new Map(exchanges.map((exchange) => [exchange.id, exchange]))
  return held.map((exchange) => now.get(exchange.id) ?? exchange)
}
