import { Card } from '../../components/card.tsx'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import styles from './overview.module.css'

/** What a start without a config file was made from. */
export function Found() {
  const { overview } = useMessages()
  const discovered = useWindow(({ state }) => state?.discovered ?? [])
  const path = useWindow(({ config }) => config?.path ?? '')
  return (
    <Card title={overview.found}>
      {discovered.length === 0 ? (
        <p className={styles.soft}>{overview.fromFile(path)}</p>
      ) : (
        <ul className={styles.list}>
          {discovered.map(({ provider, because }) => (
            <li key={provider}>{overview.foundOne(provider, because)}</li>
          ))}
        </ul>
      )}
    </Card>
  )
}
