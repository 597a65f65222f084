import { GatewayError } from '../../model/error.ts'
import { secretSpellings, withoutKnown } from '../../model/redact.ts'

/** Whose refusal it was, for the sentence. */
export interface Asked {
  provider: string
  /** The address that was asked. */
  url: string
  /** What it was told, and may repeat. */
  secrets?: readonly (string | undefined)[]
}

/** Only a new login helps: what we hold is worth nothing to the service any more. */
const dead = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  // some services have names of their own for the first
  'bad_refresh_token',
  'invalid_refresh_token',
])
/** Of the user's answer to a question of the service. */
const declined = new Set(['access_denied', 'authorization_declined'])
/** It is not the login that is wrong but who we say we are. */
const client = new Set(['invalid_client', 'unauthorized_client'])
/** What the service asks to be patient with. */
const patience = new Set(['temporarily_unavailable', 'server_error', 'slow_down', 'authorization_pending'])

/**
 * A refusal in OAuth's own words. `bad-credentials` means that only a new login helps; everything else leaves what we
 * have as it is. `description` is the service's and may be anything, so only a clean piece of it is passed on.
 */
export function refusal(code: string, description: unknown, asked: Asked): GatewayError {
  const { provider, url } = asked
  const host = new URL(url).host
  const said = clean(typeof description === 'string' && description !== '' ? `${code}: ${description}` : code, asked)
  const options = { providerCode: clean(code, asked) }
  if (dead.has(code)) {
    return new GatewayError(
      'bad-credentials',
      `${host} no longer honours the login of provider ${provider} (${said}): sign in again.`,
      options,
    )
  }
  if (declined.has(code)) {
    return new GatewayError(
      'needs-user-action',
      `The login of provider ${provider} was declined at ${host} (${said}).`,
      options,
    )
  }
  if (code === 'expired_token') {
    return new GatewayError(
      'needs-user-action',
      `The code for signing in at ${host} was not entered in time: begin again.`,
      options,
    )
  }
  if (client.has(code)) {
    const check = `check oauth.clientId and oauth.clientSecret of provider ${provider}`
    return new GatewayError(
      'needs-user-action',
      `${host} does not accept this OAuth client (${said}): ${check}.`,
      options,
    )
  }
  const kind = patience.has(code) ? 'provider-error' : 'needs-user-action'
  return new GatewayError(kind, `${host} refused the login of provider ${provider} (${said}).`, options)
}

/** A clean piece of what the service said, without what it was told. */
function clean(said: string, { secrets = [] }: Asked): string {
  const told = secrets.filter((secret) => secret !== undefined)
  return withoutKnown(said.replace(/[^\x21-\x7e]+/g, ' '), secretSpellings(told)).slice(0, 200)
}

/** An answer that is no OAuth answer at all: a page of a proxy, a service that is down or has no patience left. */
export function noAnswer(status: number, retryAfter: string | null, { provider, url }: Asked): GatewayError {
  const host = new URL(url).host
  const options = { providerStatus: status, wait: waitOf(retryAfter) }
  if (status === 429) {
    return new GatewayError(
      'rate-limited',
      `${host} takes no more requests about the login of provider ${provider} for now.`,
      options,
    )
  }
  if (status >= 500) {
    return new GatewayError(
      'provider-error',
      `${host} failed on a request about the login of provider ${provider} (status ${status}).`,
      options,
    )
  }
  return new GatewayError(
    'provider-error',
    `${host} answered a request about the login of provider ${provider} with something that is no OAuth answer (status ${status}).`,
    options,
  )
}

function waitOf(retryAfter: string | null): { ms: number; from: string } | undefined {
  const seconds = Number(retryAfter)
  return retryAfter !== null && seconds > 0 ? { ms: seconds * 1000, from: 'retry-after' } : undefined
}

/** The request did not get through. Only a refresh's own patience ends a request here, so that is no client that left. */
export function notReached(thrown: unknown, { provider, url }: Asked): unknown {
  if (!(thrown instanceof GatewayError)) return thrown
  const because = thrown.kind === 'client-gone' ? 'it takes too long' : thrown.message
  const words = `${new URL(url).host} cannot be asked about the login of provider ${provider}: ${because}`
  return new GatewayError('provider-error', words, { cause: thrown })
}

export function inClear({ provider, url }: Asked): GatewayError {
  const words = `The login of provider ${provider} would send tokens in clear to ${new URL(url).host}: write an https address.`
  return new GatewayError('needs-user-action', words)
}
