import type { ReportedModels } from './catalog.ts'
import type { DiscoveredModel } from './discovery.ts'
import type { Limits } from './model-facts.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

/** What services said about their models. Read on the hot path, filled only in the background. */
export interface ReportedLimits extends ReportedModels {
  modelsOf(provider: string): readonly DiscoveredModel[] | undefined
  /** Providers of the config now in force; asks those that are new or changed, returns at once. */
  follow(providers: readonly ResolvedProvider[]): void
  /** Asks one now; rejects when it cannot be asked. */
  refresh(provider: ResolvedProvider): Promise<readonly DiscoveredModel[]>
  close(): void
}

export interface ReportedLimitsOptions {
  discover(provider: ResolvedProvider, signal: AbortSignal): Promise<DiscoveredModel[]>
  /** A provider could not be asked; it will be asked again. */
  onFailure?(provider: ResolvedProvider, failure: unknown): void
  /** Something was learnt. */
  onChange?(provider: ResolvedProvider, models: readonly DiscoveredModel[]): void
  /** Pauses in ms. */
  refreshMs?: number
  localRefreshMs?: number
  retryMs?: number
  timeoutMs?: number
}

interface Followed {
  provider: ResolvedProvider
  address: string
  failures: number
  timer?: NodeJS.Timeout
  asking?: Promise<readonly DiscoveredModel[]>
  stop: AbortController
}

interface Known {
  list: readonly DiscoveredModel[]
  byId: ReadonlyMap<string, DiscoveredModel>
}

export function createReportedLimits(options: ReportedLimitsOptions): ReportedLimits {
  const { refreshMs = 900_000, localRefreshMs = 120_000, retryMs = 30_000, timeoutMs = 60_000 } = options
  const followed = new Map<string, Followed>()
  const known = new Map<string, Known>()
  let revision = 0

  function learn(provider: ResolvedProvider, list: readonly DiscoveredModel[]): void {
    const before = known.get(provider.id)
    if (before && JSON.stringify(before.list) === JSON.stringify(list)) return
    known.set(provider.id, { list, byId: new Map(list.map((model) => [model.id, model])) })
    revision++
    options.onChange?.(provider, list)
  }

  async function ask(one: Followed): Promise<readonly DiscoveredModel[]> {
    const signal = AbortSignal.any([one.stop.signal, AbortSignal.timeout(timeoutMs)])
    const list = await options.discover(one.provider, signal)
    if (!one.stop.signal.aborted) learn(one.provider, list)
    return list
  }

  /** One question at a time, however many wait for the answer. */
  function askOnce(one: Followed): Promise<readonly DiscoveredModel[]> {
    one.asking ??= ask(one).finally(() => {
      one.asking = undefined
    })
    return one.asking
  }

  async function round(one: Followed): Promise<void> {
    try {
      await askOnce(one)
      one.failures = 0
    } catch (failure) {
      one.failures++
      if (!one.stop.signal.aborted) options.onFailure?.(one.provider, failure)
    }
    if (one.stop.signal.aborted) return
    const usual =
      one.provider.discovery === 'ollama' || one.provider.discovery === 'lmstudio' ? localRefreshMs : refreshMs
    const pause = one.failures === 0 ? usual : Math.min(usual, retryMs * 2 ** Math.min(one.failures - 1, 5))
    one.timer = setTimeout(() => void round(one), pause)
    one.timer.unref()
  }

  function forget(id: string): void {
    const one = followed.get(id)
    if (!one) return
    one.stop.abort()
    clearTimeout(one.timer)
    followed.delete(id)
  }

  return {
    get revision() {
      return revision
    },
    limitsOf(provider, model): Limits | undefined {
      const models = known.get(provider)?.byId
      return models?.get(model) ?? models?.get(`${model}:latest`) // Ollama's name for a model without a tag
    },
    modelsOf: (provider) => known.get(provider)?.list,
    follow(providers) {
      const wanted = new Map(providers.filter(mayBeAsked).map((provider) => [provider.id, provider]))
      for (const id of [...followed.keys()]) if (!wanted.has(id)) forget(id)
      for (const id of [...known.keys()]) if (!wanted.has(id) && known.delete(id)) revision++
      for (const provider of wanted.values()) {
        const address = addressOf(provider)
        const one = followed.get(provider.id)
        if (one?.address === address) {
          one.provider = provider
          continue
        }
        forget(provider.id)
        if (known.delete(provider.id)) revision++
        const fresh: Followed = { provider, address, failures: 0, stop: new AbortController() }
        followed.set(provider.id, fresh)
        setImmediate(() => void round(fresh))
      }
    },
    refresh(provider) {
      const one = followed.get(provider.id)
      if (one && one.address === addressOf(provider)) return askOnce(one)
      return options.discover(provider, AbortSignal.timeout(timeoutMs))
    },
    close() {
      for (const id of [...followed.keys()]) forget(id)
    },
  }
}

/** A provider whose only credential is the client's own cannot be asked without a client. */
function mayBeAsked(provider: ResolvedProvider): boolean {
  return provider.enabled && provider.discovery !== 'none' && provider.credentials.some(({ type }) => type !== 'client')
}

/** What makes it another service to ask: a new key counts too. */
function addressOf({ baseUrl, discovery, credentials, headers }: ResolvedProvider): string {
  return JSON.stringify([baseUrl, discovery, credentials, headers])
}
