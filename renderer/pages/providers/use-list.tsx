import { useMessages } from '../../messages.ts'
import type { ProviderUse } from './provider-uses.ts'
import styles from './providers.module.css'

/** The places of the config that ask a provider, each as a sentence. */
export function UseList({ uses }: { uses: readonly ProviderUse[] }) {
  return (
    <ul className={styles.list}>
      {uses.map((use) => (
        <li key={JSON.stringify(use.path)}>
          <UseWords use={use} />
        </li>
      ))}
    </ul>
  )
}

function UseWords({ use }: { use: ProviderUse }) {
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
