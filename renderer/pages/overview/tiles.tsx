import { useNow } from '../../clock.ts'
import { compactCount, duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { figuresOf } from './figures.ts'
import styles from './overview.module.css'
import { recentMs } from './patchbay-view.ts'

/** The last five minutes in figures. */
export function Tiles() {
  const { overview } = useMessages()
  const exchanges = useWindow((window) => window.exchanges)
  const now = useNow()
  const figures = figuresOf(exchanges, now - recentMs)
  const tiles = [
    [overview.requestsPerMinute, compactCount(figuresOf(exchanges, now - 60_000).requests)],
    [overview.firstTokenMiddle, figures.first ? duration(figures.first.p50) : '–'],
    [overview.firstTokenSlow, figures.first ? duration(figures.first.p95) : '–'],
    [overview.errors, compactCount(figures.errors)],
    [overview.tokensIn, compactCount(figures.inputTokens)],
    [overview.tokensOut, compactCount(figures.outputTokens)],
  ]
  return (
    <section aria-label={overview.tiles}>
      <dl className={styles.tiles}>
        {tiles.map(([name, figure]) => (
          <div key={name} className={styles.tile}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
