import { Card } from '../../components/card.tsx'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import styles from './overview.module.css'

/** What a start without a config file was made from; with a file there is nothing to tell. */
export function Found() {
  const { overview } = useMessages()
  const discovered = useWindow(({ state }) => state?.discovered)
  if (discovered === undefined || discovered.length === 0) return null
  return (
    <Card title={overview.found}>
      <ul className={styles.list}>
        {discovered.map(({ provider, because }) => (
          <li key={provider}>{overview.foundOne(provider, because)}</li>
        ))}
      </ul>
    </Card>
  )
}
