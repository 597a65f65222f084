import type { SearchNote } from '../model/search-note.ts'
import type { Exchange } from './exchange-record.ts'

/** A record in the words of the OpenTelemetry GenAI conventions, for a log line; our own fields stand under `patchbay`. */
export function exchangeAttributes(exchange: Exchange): Record<string, unknown> {
  const { usage, error, context, skipped, webSearch } = exchange
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': exchange.clientModel,
    'gen_ai.response.model': exchange.model,
    'gen_ai.response.finish_reasons': exchange.finishReason === undefined ? undefined : [exchange.finishReason],
    'gen_ai.usage.input_tokens': usage?.inputTokens,
    'gen_ai.usage.output_tokens': usage?.outputTokens,
    'http.response.status_code': exchange.status,
    'error.type': error?.kind,
    'error.message': error?.message,
    'patchbay.exchange': exchange.id,
    'patchbay.client_key': exchange.clientKey,
    'patchbay.protocol': exchange.protocol,
    'patchbay.route': exchange.route,
    'patchbay.because': exchange.because,
    'patchbay.target': exchange.target,
    'patchbay.attempts': exchange.attempts.map(
      ({ target, outcome, error: failed }) => `${target} ${failed?.kind ?? outcome}`,
    ),
    'patchbay.skipped': skipped.length === 0 ? undefined : skipped.map(({ target, kind }) => `${target} ${kind}`),
    'patchbay.context': context === undefined ? undefined : `${context.tier}${ratio(context.ratio)}`,
    'patchbay.searches': webSearch?.searches.map(searchWords),
    'patchbay.first_content_ms': exchange.firstContentMs,
    'patchbay.duration_ms': exchange.durationMs,
    'patchbay.request_bytes': exchange.requestBytes,
    'patchbay.estimated_tokens': exchange.decision?.estimate.tokens,
  }
}

/** Without the query: a log is read by more people than the user's own words are meant for. */
function searchWords({ engine, tries, ms, hits }: SearchNote): string {
  const failed = tries.flatMap(({ engine: tried, failure }) => (failure ? `${tried} ${failure.kind}, ` : [])).join('')
  return `${failed}${engine ?? 'none'} ${hits} hits in ${Math.round(ms)} ms`
}

const ratio = (value: number | undefined): string => (value === undefined ? '' : ` ${value.toFixed(2)}`)
