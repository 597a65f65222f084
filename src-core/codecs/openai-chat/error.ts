import type { ErrorKind, GatewayError } from '../../model/error.ts'
import type { EncodedError } from '../codec.ts'

/** `type` and `code` as OpenAI's clients know them. */
const words: Record<ErrorKind, [type: string, code: string | null]> = {
  'bad-request': ['invalid_request_error', null],
  unauthorized: ['authentication_error', 'invalid_api_key'],
  forbidden: ['permission_error', 'forbidden'],
  'not-found': ['not_found_error', 'not_found'],
  'too-large': ['invalid_request_error', 'request_too_large'],
  unsupported: ['invalid_request_error', 'unsupported'],
  'no-target': ['invalid_request_error', 'no_target'],
  'client-gone': ['invalid_request_error', 'client_gone'],
  'context-overflow': ['invalid_request_error', 'context_length_exceeded'],
  'content-filtered': ['invalid_request_error', 'content_filter'],
  'model-not-found': ['not_found_error', 'model_not_found'],
  'model-refused': ['permission_error', 'model_refused'],
  'model-quota': ['insufficient_quota', 'insufficient_quota'],
  'provider-bad-request': ['invalid_request_error', null],
  'bad-credentials': ['permission_error', 'provider_credential_refused'],
  'no-credential': ['permission_error', 'provider_credential_missing'],
  permission: ['permission_error', 'permission_denied'],
  'needs-user-action': ['permission_error', 'user_action_required'],
  'quota-exhausted': ['insufficient_quota', 'insufficient_quota'],
  'retired-service': ['permission_error', 'service_retired'],
  'rate-limited': ['rate_limit_error', 'rate_limit_exceeded'],
  capacity: ['server_error', 'overloaded'],
  'provider-error': ['server_error', 'provider_error'],
  'provider-unreachable': ['server_error', 'provider_unreachable'],
  timeout: ['timeout', 'timeout'],
  'stream-broken': ['server_error', 'stream_broken'],
  paused: ['server_error', 'gateway_paused'],
  internal: ['server_error', 'internal_error'],
}

export function encodeError(error: GatewayError): EncodedError {
  const [type, code] = words[error.kind]
  const body = JSON.stringify({ error: { message: error.message, type, param: error.path ?? null, code } })
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (error.wait && error.wait.ms > 0) headers['retry-after'] = String(Math.ceil(error.wait.ms / 1000))
  // No finish chunk and no [DONE] follow: the answer did not end, it failed.
  return { status: error.consequence.status, headers, body, inStream: `data: ${body}\n\n` }
}
