import { parseJson } from '../codecs/json-body.ts'
import type { CallRaw } from './call-raw.ts'
import type { FetchJson } from './discovery.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

/** What discovery asks with: the provider's own credentials and verdicts, a single try. */
export function fetchJsonOf(callRaw: CallRaw, provider: ResolvedProvider): FetchJson {
  return async (url, { method, body, signal }) => {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    return parseJson((await callRaw(provider, { method, path: url, body: bytes, attempts: 1 }, signal)).body)
  }
}
