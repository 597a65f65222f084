import { GatewayError } from '../model/error.ts'
import type { Target } from '../model/target.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

type Addressed = Pick<ResolvedProvider, 'baseUrl' | 'protocol' | 'apiKeyHeader' | 'apiVersion' | 'endpoints'> &
  Partial<Pick<ResolvedProvider, 'envelope'>>

/** Addresses already worked out, by model and path: the same few are asked for again and again. */
const known = new WeakMap<Addressed, Map<string, URL>>()
const mostKnown = 500

/** `addressOf`, remembered. The URL is shared: read it, do not change it. */
export function endpointFor(provider: Addressed, target: Pick<Target, 'model'>, path: string): URL {
  let urls = known.get(provider)
  if (!urls || urls.size > mostKnown) {
    urls = new Map()
    known.set(provider, urls)
  }
  const key = `${target.model}\n${path}`
  let url = urls.get(key)
  if (!url) {
    url = addressOf(provider, target, path)
    urls.set(key, url)
  }
  return url
}

/**
 * Where a request goes: the base URL and the codec's path, joined so that the version segment stands once,
 * queries of both sides survive and Azure's roads come out right. Those are: the v1 road when the base ends in a
 * version segment (the body's model is the deployment), the classic deployments road when there is a dated
 * api-version and nothing but the resource (or `/openai`) in the base.
 */
function addressOf(provider: Addressed, target: Pick<Target, 'model'>, path: string): URL {
  const [own, query] = splitOnce(path, '?')
  const special = provider.endpoints ? specialEndpoint(provider.endpoints, own, target.model) : undefined
  if (special !== undefined && URL.canParse(special)) return withQuery(new URL(special), query)
  const pathname = special ?? own
  const url = new URL(provider.baseUrl)
  const wanted = provider.protocol === 'gemini-chat' ? encodeGeminiModel(pathname) : pathname
  const trimmed = trimBase(url.pathname)
  // as the Gemini CLI's CODE_ASSIST_ENDPOINT is written, without a version
  const bare = provider.envelope === 'code-assist' && !versionSegment.test(lastSegment(trimmed))
  const base = bare ? `${trimmed}/v1internal` : trimmed
  const road = azureRoad(provider, url, base)
  if (road === 'classic') url.pathname = classicPath(target.model, wanted)
  else url.pathname = joinPaths(road === 'v1' ? '/openai/v1' : base, wanted)
  const version = provider.apiVersion
  if (version && !url.searchParams.has('api-version') && (road === 'classic' || takesVersion(base, version))) {
    url.searchParams.set('api-version', version)
  }
  return withQuery(url, query)
}

function withQuery(url: URL, query: string | undefined): URL {
  if (query) for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value)
  url.hash = ''
  return url
}

/** Codec paths by the names a profile gives them. */
const endpointNames: Readonly<Record<string, string>> = {
  '/chat/completions': 'chat',
  '/embeddings': 'embeddings',
  '/responses': 'responses',
  '/messages': 'messages',
  '/models': 'models',
  '/web_search': 'web_search',
}

function specialEndpoint(endpoints: Readonly<Record<string, string>>, path: string, model: string): string | undefined {
  const name = endpointNames[withoutVersion(path)] ?? /:(\w+)$/.exec(path)?.[1]
  if (name === undefined || !Object.hasOwn(endpoints, name)) return undefined
  const place = endpoints[name]!.replaceAll('{model}', segment(model))
  return place.startsWith('/') || URL.canParse(place) ? place : `/${place}`
}

const versionSegment = /^v\d+[a-z0-9]*$/i
const dated = /^\d{4}-\d{2}-\d{2}/
const azureHost = /\.(openai\.azure\.(com|us|cn)|services\.ai\.azure\.com|cognitiveservices\.azure\.com)$/i
/** Operations that belong to one deployment; the rest (models, responses, files) stand beside the deployments. */
const perDeployment = /^\/(chat\/completions|completions|embeddings|audio\/|images\/)/
/** What people paste when they copy a whole endpoint. */
const pastedOperation = /\/(chat\/completions|completions|embeddings|responses|messages)$|(?<=\/v1internal):\w+$/

function azureRoad(provider: Addressed, url: URL, base: string): 'v1' | 'classic' | undefined {
  if (base !== '' && base !== '/openai') return undefined
  if (provider.apiKeyHeader !== 'api-key' && !azureHost.test(url.hostname)) return undefined
  const version = url.searchParams.get('api-version') ?? provider.apiVersion
  return version && dated.test(version) ? 'classic' : 'v1'
}

/** The v1 road refuses dated versions; a base that names its deployment needs one. */
function takesVersion(base: string, apiVersion: string): boolean {
  return base.includes('/deployments/') || !dated.test(apiVersion) || !versionSegment.test(lastSegment(base))
}

function classicPath(model: string, path: string): string {
  const bare = withoutVersion(path)
  return perDeployment.test(bare) ? `/openai/deployments/${segment(model)}${bare}` : `/openai${bare}`
}

function joinPaths(base: string, path: string): string {
  return base + (versionSegment.test(lastSegment(base)) || base.includes('/deployments/') ? withoutVersion(path) : path)
}

function withoutVersion(path: string): string {
  const [first, rest] = splitOnce(path.slice(1), '/')
  return rest !== undefined && versionSegment.test(first) ? `/${rest}` : path
}

/** `/models/google/gemma:generateContent` keeps its model in one segment; an encoded one stays as it is. */
function encodeGeminiModel(path: string): string {
  const start = path.indexOf('/models/')
  if (start < 0) return path
  const from = start + '/models/'.length
  const colon = path.lastIndexOf(':')
  const to = colon > from ? colon : path.length
  return path.slice(0, from) + encodeURIComponent(decodeSafely(path.slice(from, to))) + path.slice(to)
}

/** One segment of a path. A name made of dots would lead out of its place, encoded or not. */
function segment(model: string): string {
  if (model === '.' || model === '..') throw new GatewayError('bad-request', `${model} is no name of a model.`)
  return encodeURIComponent(model)
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded at all: a model's name may hold a bare %
  }
}

function trimBase(pathname: string): string {
  let end = pathname.length
  while (end > 0 && pathname[end - 1] === '/') end--
  return pathname.slice(0, end).replace(pastedOperation, '')
}

const lastSegment = (pathname: string): string => pathname.slice(pathname.lastIndexOf('/') + 1)

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
