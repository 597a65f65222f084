import type { ConfigSnapshot } from './config/store.ts'
import { activeGroup, type RoutingGroupView } from './config/views.ts'
import type { ListedModel, Target } from './model/target.ts'
import { type Catalog, createCatalog } from './providers/catalog.ts'
import type { DiscoveredModel } from './providers/discovery.ts'
import { createReportedLimits, type ReportedLimits } from './providers/reported-limits.ts'
import type { ResolvedProvider } from './providers/resolved-provider.ts'
import type { Profiles } from './providers/service-profile.ts'
import { createModelResolver } from './router/resolve-model.ts'
import type { RoutingView } from './router/routing-view.ts'

/** What is worked out of a config once and read at every request. */
export interface Routing {
  catalog: Catalog
  view: RoutingView
}

export interface RoutingState {
  /** For the config in force at this moment; the same object until it changes. */
  current(): Routing
  /** For a config that is not in force, with what services have said of their models. */
  of(config: ConfigSnapshot['config']): Routing
  /** Models a client may name, without those only a wildcard would reach. */
  listed(): readonly ListedModel[]
  /**
   * What answers for a name a client may use: one of those, one that is mapped, or one let through under its own name.
   * `target` is whatever a request for it would reach.
   */
  listedAs(name: string, target: () => Target | undefined): ListedModel | undefined
  /** Asks one service now; rejects with a verdict when it cannot be asked. */
  discover(provider: ResolvedProvider): Promise<readonly DiscoveredModel[]>
  /** Asks the services for their models and limits, in the background, also after each change of the config. */
  startDiscovery(): void
  close(): void
}

export interface RoutingStateOptions {
  config(): ConfigSnapshot
  profiles: Profiles
  discover(provider: ResolvedProvider, signal: AbortSignal): Promise<DiscoveredModel[]>
  onDiscoveryFailure(provider: ResolvedProvider, failure: unknown): void
}

export function createRoutingState(options: RoutingStateOptions): RoutingState {
  const reported = createReportedLimits({ discover: options.discover, onFailure: options.onDiscoveryFailure })
  let made: { config: ConfigSnapshot['config']; routing: Routing } | undefined
  let discovering = false

  function current(): Routing {
    const { config, revision } = options.config()
    if (made?.config !== config) {
      made = { config, routing: routingOf(config, revision) }
      if (discovering) reported.follow(made.routing.catalog.providers)
    }
    return made.routing
  }

  function routingOf(config: ConfigSnapshot['config'], revision: string): Routing {
    const catalog = createCatalog({ config, profiles: options.profiles, reported })
    return { catalog, view: viewOf(config, revision, catalog) }
  }

  const listed = () =>
    listModels(current().catalog, activeGroup(options.config().config), options.config().config, reported)

  return {
    current,
    of: (config) => routingOf(config, 'draft'),
    listed,
    listedAs(name, targetOf) {
      const known = listed().find(({ id }) => id === name)
      if (known) return known
      const { mappings, hasProvider } = current().view
      const target = targetOf()
      const meant = target?.model === name || createModelResolver(mappings, hasProvider)(name).type !== 'none'
      return target && meant ? listedModel(name, target) : undefined
    },
    discover: (provider) => reported.refresh(provider),
    startDiscovery() {
      discovering = true
      reported.follow(current().catalog.providers)
    },
    close: () => reported.close(),
  }
}

function viewOf(config: ConfigSnapshot['config'], revision: string, catalog: Catalog): RoutingView {
  const { modelMapping, contextRouting, classifier, retry } = config.virtualrouter
  const group = activeGroup(config)
  return {
    revision,
    group: group.id,
    routes: new Map(Object.entries(group.routing)),
    mappings: [Object.entries(group.modelMapping), Object.entries(modelMapping)],
    hasProvider: (id) => catalog.provider(id) !== undefined,
    expand: catalog.expand,
    skippedBecause: catalog.skippedBecause,
    contextRouting,
    classifier,
    retry,
  }
}

function listModels(
  catalog: Catalog,
  group: RoutingGroupView,
  config: ConfigSnapshot['config'],
  reported: ReportedLimits,
): ListedModel[] {
  const listed = new Map<string, ListedModel>()
  const add = (id: string, target: Target | undefined) => {
    if (target && !listed.has(id)) listed.set(id, listedModel(id, target))
  }
  const mapped = Object.entries({ ...config.virtualrouter.modelMapping, ...group.modelMapping })
  for (const [name, value] of mapped) if (!name.includes('*')) add(name, catalog.expand(value, name)[0])
  for (const target of catalog.targets) add(`${target.provider}.${nameOf(target)}`, target)
  for (const provider of catalog.providers) {
    for (const { id } of reported.modelsOf(provider.id) ?? [])
      add(`${provider.id}.${id}`, catalog.expand(`${provider.id}.${id}`)[0])
  }
  return [...listed.values()]
}

/** The model as the config names it: what follows the provider in the target's id. */
function nameOf(target: Target): string {
  const bracket = target.id.indexOf('].')
  return target.id.slice(
    bracket > 0 && target.id[target.provider.length] === '[' ? bracket + 2 : target.provider.length + 1,
  )
}

function listedModel(id: string, { provider, maxContextTokens, maxOutputTokens }: Target): ListedModel {
  return { id, provider, maxContextTokens, maxOutputTokens }
}
