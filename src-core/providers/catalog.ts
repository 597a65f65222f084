import type { Config, Provider } from '../config/schema.ts'
import type { ServiceProfile } from '../config/service-profile-schema.ts'
import { parseTargetName, type TargetName } from '../config/target-name.ts'
import type { Target } from '../model/target.ts'
import { knowsModel, type Limits, modelFacts } from './model-facts.ts'
import { noUseBecause } from './provider-troubles.ts'
import { profileOf, resolveProvider } from './resolve-provider.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import type { Profiles } from './service-profile.ts'

/** What services have said about their own models, as far as they were asked. */
export interface ReportedModels {
  /** Grows when something was learnt. */
  revision: number
  limitsOf(provider: string, model: string): Limits | undefined
}

/** All providers and targets of one revision of the config. */
export interface Catalog {
  provider(id: string): ResolvedProvider | undefined
  providers: readonly ResolvedProvider[]
  /** What the config lists and may be called, one per credential. */
  readonly targets: readonly Target[]
  /**
   * The targets behind `provider.model`, `provider[alias].model` or `provider.*` (which takes the client's model),
   * one per credential. Empty when none may be called; `skippedBecause` says why.
   */
  expand(name: string, clientModel?: string): readonly Target[]
  /** Why a name has no targets and what to do about it: a sentence without its full stop. */
  skippedBecause(name: string, clientModel?: string): string | undefined
  /** Why nothing at all is asked of a provider, in the same form. */
  closedBecause(provider: string): string | undefined
}

interface Entry {
  provider: Provider
  profile: ServiceProfile
  resolved: ResolvedProvider
  reported: (model: string) => Limits | undefined
}

/** Clients may name anything, so what is remembered has an end. */
const mostNames = 2000

export function createCatalog(options: { config: Config; profiles: Profiles; reported?: ReportedModels }): Catalog {
  const { config, profiles, reported } = options
  const { providers, timeouts } = config.virtualrouter
  const entries = new Map<string, Entry>()
  const lost = new Map<string, string>()
  for (const [id, provider] of Object.entries(providers)) {
    const profile = profileOf(provider, profiles)
    if (!profile) {
      lost.set(id, `the profile ${provider.profile} of provider ${id} does not exist: correct it in the config`)
      continue
    }
    const resolved = resolveProvider({ id, provider, profile, timeouts })
    entries.set(id, { provider, profile, resolved, reported: (model) => reported?.limitsOf(id, model) })
  }

  const remembered = new Map<string, Expansion>()
  let revision = reported?.revision
  let declared: readonly Target[] | undefined

  function forgetWhenOutdated(): void {
    if (reported?.revision === revision) return
    revision = reported?.revision
    remembered.clear()
    declared = undefined
  }

  function expansionOf(name: string, clientModel: string | undefined): Expansion {
    forgetWhenOutdated()
    const key = name.endsWith('.*') ? `${name}\n${clientModel ?? ''}` : name
    let expansion = remembered.get(key)
    if (!expansion) {
      expansion = expand({ name, clientModel, entries, lost })
      if (remembered.size >= mostNames) remembered.clear()
      remembered.set(key, expansion)
    }
    return expansion
  }

  return {
    provider: (id) => entries.get(id)?.resolved,
    providers: [...entries.values()].map(({ resolved }) => resolved),
    get targets() {
      forgetWhenOutdated()
      declared ??= [...entries.values()].flatMap((entry) => (closedBecause(entry) ? [] : declaredTargets(entry)))
      return declared
    },
    expand: (name, clientModel) => expansionOf(name, clientModel).targets,
    skippedBecause: (name, clientModel) => expansionOf(name, clientModel).because,
    closedBecause(id) {
      const entry = entries.get(id)
      return entry ? closedBecause(entry) : lost.get(id)
    },
  }
}

interface Expansion {
  targets: readonly Target[]
  because?: string
}

const none = (because: string): Expansion => ({ targets: [], because })

function expand(options: {
  name: string
  clientModel: string | undefined
  entries: ReadonlyMap<string, Entry>
  lost: ReadonlyMap<string, string>
}): Expansion {
  const { name, clientModel, entries, lost } = options
  const parsed = parseTargetName(name)
  if (!parsed) return none(`${name} is no target: a target is written provider.model`)
  const entry = entries.get(parsed.provider)
  if (!entry) return none(lost.get(parsed.provider) ?? `there is no provider ${parsed.provider}: add it to the config`)
  const closed = closedBecause(entry)
  if (closed) return none(closed)
  const model = parsed.model === '*' ? clientModel : parsed.model
  if (!model || model === '*') return none(`${name} takes the model the client names, and it named none`)
  if (!knowsModel({ ...entry, name: model })) {
    return none(`provider ${parsed.provider} has no model ${model}: add it, or "*", to its models`)
  }
  const targets = targetsFor(entry, model, parsed)
  if (targets.length > 0) return { targets }
  return none(`provider ${parsed.provider} has no credential named ${parsed.alias}: correct the alias`)
}

/** Why nothing at all is asked of a provider. */
function closedBecause({ provider, profile, resolved }: Entry): string | undefined {
  if (!resolved.enabled) return `provider ${resolved.id} is switched off: switch it on to use it`
  const status = provider.status ?? profile.status
  if (status.state === 'retired') {
    const why = status.because?.replace(/\.$/, '') ?? 'its service has been closed'
    return `provider ${resolved.id} cannot be used: ${why}`
  }
  const noUse = noUseBecause(resolved)
  if (noUse) return `provider ${resolved.id} cannot be used: ${noUse}`
  if (resolved.baseUrl === '' && !resolved.builtIn)
    return `provider ${resolved.id} has no baseUrl: add it to the config`
  return undefined
}

function targetsFor(entry: Entry, name: string, pinned?: TargetName): Target[] {
  const { resolved } = entry
  const several = resolved.credentials.length > 1
  const wanted = resolved.credentials.filter(({ alias }) => pinned?.alias === undefined || alias === pinned.alias)
  if (wanted.length === 0) return []
  const facts = modelFacts({ ...entry, name })
  return wanted.map(({ alias }) => ({
    id: several ? `${resolved.id}[${alias}].${name}` : `${resolved.id}.${name}`,
    provider: resolved.id,
    credential: alias,
    protocol: resolved.protocol,
    envelope: resolved.envelope,
    ...facts,
  }))
}

function declaredTargets(entry: Entry): Target[] {
  return Object.keys(entry.provider.models)
    .filter((name) => name !== '*')
    .flatMap((name) => targetsFor(entry, name))
}
