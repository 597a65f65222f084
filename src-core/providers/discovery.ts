import type { Json } from '../model/json.ts'
import { discoverAnthropic } from './discovery/anthropic.ts'
import type { Discover, DiscoveredModel, FetchJson } from './discovery/discovered-model.ts'
import { discoverGemini } from './discovery/gemini.ts'
import { discoverLitellm } from './discovery/litellm.ts'
import { discoverLmstudio } from './discovery/lmstudio.ts'
import { discoverOllama } from './discovery/ollama.ts'
import { discoverOpenai } from './discovery/openai.ts'
import { endpointFor } from './endpoint.ts'
import type { DiscoveryKind, ResolvedProvider } from './resolved-provider.ts'

export type { DiscoveredModel, FetchJson } from './discovery/discovered-model.ts'

const kinds: Record<Exclude<DiscoveryKind, 'none'>, Discover> = {
  openai: discoverOpenai,
  litellm: discoverLitellm,
  gemini: discoverGemini,
  anthropic: discoverAnthropic,
  ollama: discoverOllama,
  lmstudio: discoverLmstudio,
}

/** Asks a service which models it has and how large they are. Empty for one that has no such list. */
export async function discoverModels(options: {
  provider: ResolvedProvider
  fetchJson: FetchJson
  signal: AbortSignal
}): Promise<DiscoveredModel[]> {
  const { provider, fetchJson, signal } = options
  if (provider.discovery === 'none') return []
  const ask = (method: 'GET' | 'POST', path: string, from: 'base' | 'root' = 'base', body?: Json): Promise<Json> => {
    const url = from === 'root' ? rootUrl(provider.baseUrl, path) : endpointFor(provider, { model: '' }, path)
    return fetchJson(url, { method, body, signal })
  }
  return kinds[provider.discovery]({
    get: (path, from) => ask('GET', path, from),
    post: (path, body, from) => ask('POST', path, from, body),
  })
}

/** A path beside the version segment: `http://h:4000/v1` and `/model_group/info` meet at `http://h:4000`. */
function rootUrl(baseUrl: string, path: string): URL {
  const url = new URL(baseUrl)
  const mount = url.pathname.replace(/\/+$/, '').replace(/\/v\d+[a-z0-9]*$/i, '')
  return new URL(`${url.origin}${mount}${path}`)
}
