import type { ErrorKind, GatewayError } from '../../model/error.ts'
import type { EncodedError } from '../codec.ts'

/** Anthropic's names by status; kinds that need a finer one stand below. */
const byStatus: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  502: 'api_error',
  503: 'overloaded_error',
  504: 'timeout_error',
}
const byKind: Partial<Record<ErrorKind, string>> = {
  'not-found': 'not_found_error',
  'model-not-found': 'not_found_error',
}

/** A refusal in the words of Anthropic's clients; the rest of the protocol is not spoken yet. */
export function encodeError(error: GatewayError): EncodedError {
  const { status } = error.consequence
  const type = byKind[error.kind] ?? byStatus[status] ?? 'api_error'
  const body = JSON.stringify({ type: 'error', error: { type, message: error.message } })
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (error.wait && error.wait.ms > 0) headers['retry-after'] = String(Math.ceil(error.wait.ms / 1000))
  return { status, headers, body, inStream: `event: error\ndata: ${body}\n\n` }
}
