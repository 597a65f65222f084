import type { ErrorKind, GatewayError } from '../../model/error.ts'
import type { EncodedError } from '../codec.ts'

const statusWords: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/**
 * Where the Gemini CLI would retry for minutes without a word, although only a person can help: a used-up
 * quota and our own faults are told at once instead.
 */
const toldAtOnce: Partial<Record<ErrorKind, { status: number; word: string }>> = {
  'quota-exhausted': { status: 403, word: 'PERMISSION_DENIED' },
  'model-quota': { status: 403, word: 'PERMISSION_DENIED' },
  internal: { status: 400, word: 'FAILED_PRECONDITION' },
}

/** What waiting may cure, and how long to wait when nobody said. */
const retryableStatuses = new Set([429, 502, 503, 504])
const defaultWaitSeconds = 5

/**
 * A failure in Google's shape. The CLI ignores `retry-after` and reads RetryInfo; it shows 400, 401 and 403 at
 * once and hides the words of a 404, which is therefore never sent.
 */
export function encodeError(error: GatewayError): EncodedError {
  const told = toldAtOnce[error.kind]
  const given = told?.status ?? error.consequence.status
  const status = given === 404 ? 400 : given
  const word = told?.word ?? statusWords[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'UNAVAILABLE')
  const waitSeconds = retryableStatuses.has(status) ? secondsToWait(error) : undefined
  const { message } = error
  const details =
    waitSeconds === undefined
      ? {}
      : { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${waitSeconds}s` }] }
  // In a stream a retry would print twice what was already shown: a 4xx ends it.
  const lateCode = status >= 400 && status < 500 && status !== 429 && status !== 499 ? status : 400
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(waitSeconds === undefined ? {} : { 'retry-after': String(waitSeconds) }),
    },
    body: JSON.stringify({ error: { code: status, message, status: word, ...details } }),
    inStream: JSON.stringify({ error: { code: lateCode, message, status: word } }),
  }
}

function secondsToWait({ wait }: GatewayError): number {
  if (!wait || !Number.isFinite(wait.ms)) return defaultWaitSeconds
  return Math.max(1, Math.ceil(wait.ms / 1000))
}
