import { isEngineTarget, searchRoute } from './config/search-route.ts'
import type { ConfigStore } from './config/store.ts'
import { changedProviders } from './config/views.ts'
import type { EngineSettings } from './config/web-search-schema.ts'
import type { JsonObject } from './model/json.ts'
import type { SearchNote } from './model/search-note.ts'
import type { Target } from './model/target.ts'
import type { Log } from './observe/log.ts'
import { createSearchMetrics } from './observe/search-metrics.ts'
import { type CallOptions, createCallTarget } from './providers/call.ts'
import { createCallJson } from './providers/call-json.ts'
import { createCallRaw } from './providers/call-raw.ts'
import type { ResolvedProvider } from './providers/resolved-provider.ts'
import { searchService } from './providers/search-services.ts'
import { createHealth } from './router/health.ts'
import type { Routing, RoutingState } from './routing-state.ts'
import { askModel } from './web-search/ask-model.ts'
import { cleanAnswer, hitCount } from './web-search/clean-answer.ts'
import type { EngineState, EngineView, Search } from './web-search/engine.ts'
import { type EngineKind, engines as kinds } from './web-search/engines/index.ts'
import type { Road } from './web-search/road.ts'
import { createSearch, type ReadyEngine } from './web-search/search.ts'

export interface SearchOptions {
  store: ConfigStore
  routing: RoutingState
  call: CallOptions
  log: Log
  /** Milliseconds since 1970. */
  now(): number
  listenerFailed(thrown: unknown): void
}

/** Searching the web with the engines of the config. */
export interface WebSearch {
  search: Search
  /** Those that can be asked, in the order of the config; none where nothing is configured. */
  engines(): readonly EngineView[]
  /** All the config names, for the window. `missing`: what was missing of a secret when it was last wanted. */
  list(missing: (reference: string) => string | undefined): EngineState[]
  /** Forgets what is known of their failures: something was put right. */
  forgive(): void
  metrics(): string
}

/** Another try at the same engine comes soon or not at all: somebody waits, and there may be another engine. */
const retry = { attempts: 2, deadlineMs: 60_000, maxWaitMs: 2000 }

/** The half of the gateway that joins the engines to what reaches their services. Costs nothing until a search is made. */
export function createWebSearch({ store, routing, call, log, now, listenerFailed }: SearchOptions): WebSearch {
  const settings = () => store.current().config.virtualrouter
  const metrics = createSearchMetrics()
  // Nobody waits here for a second failure: one that failed is asked last for a while.
  const health = createHealth({
    settings: () => ({ ...settings().health, failureThreshold: 1 }),
    now,
    listenerFailed,
  })
  const forgive = () => health.reset({})
  let judged = store.current().config
  store.subscribe(({ config }) => {
    const same = JSON.stringify(judged.virtualrouter.webSearch) === JSON.stringify(config.virtualrouter.webSearch)
    if (!same || changedProviders(judged, config).length > 0) forgive()
    judged = config
  })

  const services = new Map<string, ResolvedProvider>()
  const provider = (id: string) => services.get(id) ?? call.provider(id)
  const calling = { ...call, provider, settings: () => ({ retry }) }
  const callTarget = createCallTarget(calling)
  const callJson = createCallJson({ callRaw: createCallRaw(calling), provider, now })

  const roadTo = (target: Target, { baseUrl }: ResolvedProvider): Road => ({
    model: target.model,
    baseUrl,
    json: (request, { signal, wire }) => callJson(target, request, signal, wire),
    ask: (conversation, searcher) => askModel(callTarget, target, conversation, searcher),
  })

  function wayTo(target: Target, at: ResolvedProvider, kind: EngineKind, options: JsonObject): ReadyEngine['ways'][0] {
    const ask = kinds[kind](roadTo(target, at), options)
    return {
      target,
      secret: at.credentials.find(({ alias }) => alias === target.credential)?.secret,
      async search({ query, recency = 'noLimit', count: wished }, searcher) {
        const count = hitCount(wished)
        return cleanAnswer(await ask({ query, recency, count }, searcher), count)
      },
    }
  }

  function placeOf(engine: EngineSettings, { catalog, view }: Routing): Pick<ReadyEngine, 'ways' | 'closed'> {
    const { providerKey, service, options } = engine
    if (service !== undefined) {
      const { id, baseUrl, secret } = engine
      const at = searchService({ id, service, baseUrl, secret, timeouts: settings().timeouts })
      services.set(at.provider.id, at.provider)
      return { ways: [wayTo(at.target, at.provider, service, options)] }
    }
    if (providerKey === undefined) return { ways: [] }
    const route = view.routes.get(searchRoute)
    const isListed = route?.some((pool) => pool.targets.some((entry) => isEngineTarget(nameOf(entry), providerKey)))
    if (isListed === false)
      return { ways: [], closed: `${providerKey} is not in the route ${searchRoute} of ${view.group}` }
    const targets = view.expand(providerKey, '')
    if (targets.length === 0) return { ways: [], closed: view.skippedBecause(providerKey, '') }
    const at = catalog.provider(targets[0]!.provider)!
    const own = at.webSearch
    if (!own) return { ways: [], closed: `the models of ${at.id} do not search the web by themselves` }
    const asked = { ...own.fields, ...options }
    return { ways: targets.map((target) => wayTo(target, at, own.engine, asked)) }
  }

  let made: { routing: Routing; engines: readonly ReadyEngine[] } | undefined
  function ready(): readonly ReadyEngine[] {
    const current = routing.current()
    if (made?.routing !== current) {
      services.clear()
      const engines = settings().webSearch.engines.map((engine) => ({ ...viewOf(engine), ...placeOf(engine, current) }))
      made = { routing: current, engines }
    }
    return made.engines
  }

  const searchWith = createSearch({
    engines: ready,
    health,
    deadlineMs: () => settings().webSearch.deadlineMs,
    now: () => performance.now(),
    failed(engine, error) {
      if (error.kind === 'internal') log.error('web search failed', { engine, error })
    },
  })

  return {
    async search(query, searcher) {
      const outcome = await searchWith(query, searcher)
      tell(outcome.note)
      return outcome
    },
    engines: () => ready().filter(({ ways }) => ways.length > 0),
    list: (missing) => ready().map((engine) => stateOf(engine, missing)),
    forgive,
    metrics: metrics.text,
  }

  function stateOf(engine: ReadyEngine, missing: (reference: string) => string | undefined): EngineState {
    const { ways, ...view } = engine
    const rests = ways.map(({ target }) => health.state(target))
    const first = rests.every(({ until }) => until > 0) ? rests[0] : undefined
    const lacks = ways.map(({ secret }) => (secret === undefined ? undefined : missing(secret)))
    return {
      ...view,
      noCredential: lacks.every((words) => words !== undefined) ? lacks[0] : undefined,
      resting: first && { until: first.until, because: first.failure?.message ?? '' },
    }
  }

  function tell({ engine, because, tries, ms, hits }: SearchNote): void {
    for (const one of tries) metrics.tried(one)
    log.debug('web search', () => ({ engine, because, tries, ms, hits }))
  }
}

function viewOf({ id, description, default: isDefault, maxUses, providerKey, service }: EngineSettings) {
  return {
    id,
    at: providerKey ?? service ?? '',
    isDefault,
    ...(description !== undefined && { description }),
    ...(maxUses !== undefined && { maxUses }),
  }
}

const nameOf = (entry: string | { target: string }): string => (typeof entry === 'string' ? entry : entry.target)
