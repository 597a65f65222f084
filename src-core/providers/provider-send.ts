import type { CredentialQuestion, Credentials } from '../auth/credentials.ts'
import { GatewayError } from '../model/error.ts'
import { secretSpellings, withoutKnown } from '../model/redact.ts'
import type { Wire } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { explainUnreachable, judgeFailure, parameterToDrop } from './failure.ts'
import { type Listening, refuseOwnAddress } from './loop-guard.ts'
import { readBody } from './read-body.ts'
import { requestHeaders } from './request-headers.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import type { Transport, TransportResponse } from './transport.ts'

/** What of a target matters on the way: where failures happened, and which credential is used. */
export type Place = Pick<Target, 'id' | 'model' | 'credential'>

export interface ProviderRequest {
  provider: ResolvedProvider
  target: Place
  method: string
  url: URL
  accept: string
  body?: Buffer
  /** The client's request, for the few headers that go along. */
  wire?: Wire
  signal: AbortSignal
  /** A refusal is an answer like any other: for what is passed on to a client as it comes. */
  verbatim?: boolean
  /** Called when the request has gone out: all was ready for it. */
  sent?(): void
}

export interface SendOptions {
  credentials: Credentials
  transport: Pick<Transport, 'send'>
  /** Where this gateway listens: never an upstream. */
  listening(): readonly Listening[]
  userAgent: string
  /** This gateway's id in the loop guard's header. */
  hop: string
  now(): number
}

export type ProviderSend = (request: ProviderRequest) => Promise<TransportResponse>

const failureLimit = 1024 * 1024

/**
 * One request to a provider with its credential. Resolves for 2xx (verbatim: any answer); else throws with its verdict,
 * and with the refused parameter as `path` when the service names one.
 */
export function createProviderSend(options: SendOptions): ProviderSend {
  const { credentials, transport, userAgent, hop } = options

  function send(request: ProviderRequest, credential: Record<string, string>): Promise<TransportResponse> {
    const { provider, method, url, accept, body, wire, signal } = request
    const headers = requestHeaders({ provider, credential, userAgent, hop, accept, hasBody: !!body, wire })
    return transport.send({ method, url, headers, body, timeouts: provider.timeouts, signal })
  }

  /** The refusal is not read before it is known that there is nothing better to ask with. */
  async function freshHeaders({ body }: TransportResponse, question: CredentialQuestion, signal: AbortSignal) {
    try {
      return await credentials.headersFor(question, signal)
    } catch (thrown) {
      body.cancel()
      throw thrown
    }
  }

  return async (request) => {
    const { provider, target, url, wire, signal } = request
    try {
      refuseOwnAddress(url, options.listening(), provider.id)
      const question = { provider, credential: target.credential, wire }
      const known = credentials.headersFor(question, signal)
      let credential = known instanceof Promise ? await known : known
      const answering = send(request, credential)
      request.sent?.()
      let response = await answering
      if (response.status === 401) {
        const fresh = await freshHeaders(response, { ...question, refused: credential }, signal)
        if (!sameHeaders(fresh, credential)) {
          response.body.cancel()
          credential = fresh
          response = await send(request, credential)
        }
      }
      if (response.status >= 200 && response.status < 300) return response
      if (request.verbatim && response.status >= 400) return response
      throw await failureOf(response, request, credential, options.now())
    } catch (thrown) {
      throw placed(thrown, provider, target)
    }
  }
}

async function failureOf(
  response: TransportResponse,
  request: ProviderRequest,
  credential: Record<string, string>,
  now: number,
): Promise<GatewayError> {
  const { status, headers } = response
  const { provider, target, url } = request
  if (status >= 300 && status < 400) {
    response.body.cancel()
    const location = String(headers.location ?? '')
    const host = URL.canParse(location, url.href) ? new URL(location, url).host : 'another address'
    return new GatewayError(
      'provider-error',
      `${provider.id} redirects to ${host}; redirects are not followed. Set the baseUrl to the final address.`,
      { target: target.id, providerStatus: status },
    )
  }
  // services like to repeat the credential they refuse, and the caller's own is known to nobody but this request
  const said = (await readBody(response.body, failureLimit, true)).toString('utf8')
  const body = withoutKnown(
    said,
    secretSpellings(Object.values(credential).map((value) => value.replace(/^Bearer /, ''))),
  )
  const error = judgeFailure({ status, headers, body, provider, target, now })
  const refused = status === 400 ? parameterToDrop(body) : undefined
  if (refused) error.path = refused
  return error
}

/** A failure on the way, with the provider's name and its profile's advice. Verdicts and our own refusals pass. */
export function placed(thrown: unknown, provider: ResolvedProvider, target: Place): GatewayError {
  const error = GatewayError.from(thrown)
  if (error.target !== undefined || error.kind === 'client-gone') return error
  if (error.kind === 'provider-unreachable' || error.kind === 'timeout' || error.kind === 'stream-broken') {
    return explainUnreachable(error, provider, target)
  }
  error.target = target.id
  return error
}

function sameHeaders(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}
