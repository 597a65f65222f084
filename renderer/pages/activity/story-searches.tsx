import { duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import styles from './activity.module.css'
import type { Exchange } from './story.tsx'

type Made = NonNullable<Exchange['webSearch']>['searches']

/** Why the model could search the web, what it searched for, and which engines answered. */
export function Searches({ exchange: { webSearch } }: { exchange: Exchange }) {
  const { activity } = useMessages()
  if (!webSearch) return null
  const { because, searches } = webSearch
  return (
    <section aria-label={activity.searches}>
      <h2>{activity.searches}</h2>
      <p className={styles.soft}>{activity.searchOffered(because)}</p>
      {searches.length === 0 ? <p className={styles.soft}>{activity.noSearch}</p> : <List of={searches} />}
    </section>
  )
}

function List({ of }: { of: Made }) {
  const { activity } = useMessages()
  return (
    <ol className={styles.attempts}>
      {of.map(({ query, engine, because: chosen, tries, ms, hits }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: searches are only ever added at the end
        <li key={index}>
          <div className={styles.attempt}>
            <q>{query}</q>
            <span>
              {engine === undefined
                ? activity.searchFailed(duration(ms))
                : activity.searchedWith(engine, hits, duration(ms))}
            </span>
          </div>
          <p className={styles.because}>{activity.searchBecause(chosen)}</p>
          {tries.map(({ engine: tried, failure }) =>
            failure ? (
              <p key={`${tried} ${failure.message}`} className={styles.because}>
                {activity.engineFailed(tried, failure.message)}
              </p>
            ) : null,
          )}
        </li>
      ))}
    </ol>
  )
}
