import { GatewayError } from '../model/error.ts'
import type { JsonObject } from '../model/json.ts'
import type { Wire } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { endpointFor } from './endpoint.ts'
import { createProviderSend, type Place, placed, type SendOptions } from './provider-send.ts'
import { readBody } from './read-body.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import { type RetryClock, type RetrySettings, withRetry } from './retry.ts'

export interface RawRequest {
  method: 'GET' | 'POST'
  /** Appended to the provider's base URL, or a whole URL of the same provider. */
  path: string | URL
  body?: Buffer | JsonObject
  /** Tries; the config's number when left out. */
  attempts?: number
  /** Refusals are answers too: for what is passed on to a client as it comes. */
  verbatim?: boolean
}

export interface RawResponse {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

/**
 * For what is not a conversation: model lists, token counts, embeddings. Same credentials, same verdicts. `where`
 * is a target, or a provider with its first credential; `wire` the client's request, for credentials of the caller's own.
 */
export type CallRaw = (
  where: Target | ResolvedProvider,
  request: RawRequest,
  signal: AbortSignal,
  wire?: Wire,
) => Promise<RawResponse>

export interface CallRawOptions extends SendOptions, RetryClock {
  provider(id: string): ResolvedProvider | undefined
  settings(): { retry: RetrySettings }
}

const bodyLimit = 64 * 1024 * 1024

export function createCallRaw(options: CallRawOptions): CallRaw {
  const send = createProviderSend(options)

  return async (where, request, signal, wire) => {
    const provider = 'baseUrl' in where ? where : options.provider(where.provider)
    if (!provider) throw noProvider(where.id)
    if (provider.builtIn) {
      throw new GatewayError('unsupported', `The ${provider.name} provider answers conversations only.`)
    }
    const target = 'baseUrl' in where ? placeOf(where) : where
    const { method, path, verbatim } = request
    const url = typeof path === 'string' ? endpointFor(provider, target, path) : path
    const body = request.body === undefined || Buffer.isBuffer(request.body) ? request.body : jsonBody(request.body)
    const run = async (): Promise<RawResponse> => {
      const accept = 'application/json'
      const response = await send({ provider, target, method, url, accept, body, wire, signal, verbatim })
      try {
        const { status, headers } = response
        return { status, headers, body: await readBody(response.body, bodyLimit) }
      } catch (thrown) {
        response.body.cancel()
        throw placed(thrown, provider, target)
      }
    }
    const settings = options.settings().retry
    const retry = { ...settings, attempts: request.attempts ?? settings.attempts }
    return withRetry({ target: target.id, run, settings: retry, clock: options, caller: { signal, note: unheard } })
  }
}

/** What is no conversation has no record. */
const unheard = (): void => {}

const placeOf = (provider: ResolvedProvider): Place => ({
  id: provider.id,
  model: '',
  credential: provider.credentials[0]?.alias ?? 'default',
})

const noProvider = (id: string): GatewayError =>
  new GatewayError('no-target', `There is no provider for ${id} in the config.`)

const jsonBody = (value: JsonObject): Buffer => Buffer.from(JSON.stringify(value))
