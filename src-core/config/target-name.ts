/** `provider.model`, `provider[alias].model` or `provider.*`, taken apart. The provider ends at the first dot. */
export interface TargetName {
  provider: string
  /** Pins one of the provider's credentials. */
  alias?: string
  /** `*` takes the model the client named. */
  model: string
}

const pattern = /^([A-Za-z0-9][A-Za-z0-9_-]*)(?:\[([A-Za-z0-9][A-Za-z0-9_-]*)\])?\.(\S+)$/

export function parseTargetName(text: string): TargetName | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const [, provider, alias, model] = match
  return alias === undefined ? { provider: provider!, model: model! } : { provider: provider!, alias, model: model! }
}

/** What a pool lists: a name alone weighs 1. */
export function targetOf(entry: string | { target: string; weight: number }): { target: string; weight: number } {
  return typeof entry === 'string' ? { target: entry, weight: 1 } : entry
}
