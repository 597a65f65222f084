import { useMessages } from '../../messages.ts'
import type { ProviderUse } from './provider-uses.ts'

/** A place of the config that asks a provider, as a sentence. */
export function UseWords({ use }: { use: ProviderUse }) {
  const words = useMessages().providers.use
  switch (use.type) {
    case 'pool':
      return use.last
        ? words.lastInRoute(use.group, use.route, use.target)
        : words.pool(use.group, use.route, use.pool + 1, use.target)
    case 'mapping':
      return words.mapping(use.group, use.model, use.target)
    case 'engine':
      return words.engine(use.engine, use.target)
  }
}
