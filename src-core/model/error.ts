/** Every way a request can fail, told apart by what follows from it. */
export type ErrorKind =
  // the client's own
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'too-large'
  | 'no-target'
  | 'client-gone'
  // the request does not suit this target
  | 'context-overflow'
  | 'unsupported'
  | 'content-filtered'
  | 'model-not-found'
  | 'model-refused'
  | 'model-quota'
  | 'provider-bad-request'
  // the credential
  | 'bad-credentials'
  | 'no-credential'
  | 'permission'
  | 'needs-user-action'
  | 'quota-exhausted'
  | 'retired-service'
  // the moment
  | 'rate-limited'
  | 'capacity'
  | 'provider-error'
  | 'provider-unreachable'
  | 'timeout'
  | 'stream-broken'
  // ours
  | 'paused'
  | 'internal'

/** What follows from a kind of failure. Nobody compares status numbers: they ask this table. */
export interface Consequence {
  /** The status the client gets, in every dialect. */
  status: number
  /** Another target may do better. */
  tryNext: boolean
  /** The same target may do better in a moment. */
  retrySame: boolean
  /** cool: step aside for a while; trip: out for longer, because time alone is not likely to cure it. */
  health: 'none' | 'cool' | 'trip'
  /** What the health effect is about. */
  scope: 'target' | 'credential'
}

const row = (
  status: number,
  retry: 'retry' | 'next' | 'stop',
  health: Consequence['health'] = 'none',
  scope: Consequence['scope'] = 'target',
): Consequence => ({ status, tryNext: retry !== 'stop', retrySame: retry === 'retry', health, scope })

export const consequences: Record<ErrorKind, Consequence> = {
  'bad-request': row(400, 'stop'),
  unauthorized: row(401, 'stop'),
  forbidden: row(403, 'stop'),
  'not-found': row(400, 'stop'),
  'too-large': row(413, 'stop'),
  'no-target': row(400, 'stop'),
  'client-gone': row(499, 'stop'),
  'context-overflow': row(400, 'next'),
  unsupported: row(400, 'next'),
  'content-filtered': row(400, 'stop'),
  'model-not-found': row(400, 'next'),
  // The credential is right and serves other models.
  'model-refused': row(403, 'next', 'trip'),
  'model-quota': row(429, 'next', 'trip'),
  'provider-bad-request': row(400, 'stop'),
  'bad-credentials': row(403, 'next', 'trip', 'credential'),
  'no-credential': row(403, 'next'),
  permission: row(403, 'next', 'trip', 'credential'),
  'needs-user-action': row(403, 'next', 'trip', 'credential'),
  'quota-exhausted': row(429, 'next', 'trip', 'credential'),
  'retired-service': row(403, 'next', 'trip', 'credential'),
  'rate-limited': row(429, 'next', 'cool'),
  capacity: row(503, 'next', 'cool'),
  'provider-error': row(503, 'retry', 'cool'),
  'provider-unreachable': row(503, 'retry', 'cool'),
  timeout: row(504, 'retry', 'cool'),
  'stream-broken': row(502, 'retry', 'cool'),
  paused: row(503, 'stop'),
  internal: row(500, 'stop'),
}

/** Where a wait was read from: the header's name, `body`, or `none` when nobody named one. */
export interface Wait {
  ms: number
  from: string
  /** The service named when its limit is reset, not just when to ask again. */
  reset?: boolean
}

export interface GatewayErrorOptions {
  cause?: unknown
  /** `provider.model` where it happened. */
  target?: string
  /** The status the provider sent, for the record only. */
  providerStatus?: number
  /** The provider's own code, for the record only. */
  providerCode?: string
  wait?: Wait
  /** A path into the config or the request, where there is one. */
  path?: string
}

/**
 * A failure with its verdict. `message` is one helpful sentence for the person at the client: what
 * happened, at which provider, what to do. It never holds a secret and never a stack.
 */
export class GatewayError extends Error {
  override name = 'GatewayError'
  kind: ErrorKind
  target: string | undefined
  providerStatus: number | undefined
  providerCode: string | undefined
  wait: Wait | undefined
  path: string | undefined

  constructor(kind: ErrorKind, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.target = options.target
    this.providerStatus = options.providerStatus
    this.providerCode = options.providerCode
    this.wait = options.wait
    this.path = options.path
  }

  get consequence(): Consequence {
    return consequences[this.kind]
  }

  /** Anything thrown, as a GatewayError; what we did not foresee is ours and says nothing about itself. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown
    return new GatewayError('internal', 'Patchbay failed on this request. The log has the details.', { cause: thrown })
  }
}

/** Nobody is left to answer: ends everything and harms no one's health. */
export const clientGone = (cause?: unknown): GatewayError =>
  new GatewayError('client-gone', 'The client left.', { cause })
