import { parseJson } from '../codecs/json-body.ts'
import { GatewayError } from '../model/error.ts'
import type { CallRaw } from './call-raw.ts'
import type { FetchJson } from './discovery.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

/** What discovery asks with: the provider's own credentials and verdicts, a single try. */
export function fetchJsonOf(callRaw: CallRaw, provider: ResolvedProvider): FetchJson {
  return async (url, { method, body: asked, signal }) => {
    const bytes = asked === undefined ? undefined : Buffer.from(JSON.stringify(asked))
    const { status, body } = await callRaw(provider, { method, path: url, body: bytes, attempts: 1 }, signal)
    return parseJson(body).catch((cause: unknown) => {
      const words = `${provider.id} answered ${url.pathname} with something that is no JSON. Is its baseUrl right?`
      throw new GatewayError('provider-error', words, { cause, providerStatus: status })
    })
  }
}
