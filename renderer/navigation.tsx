import { StateMark } from './components/state-mark.tsx'
import { useMessages } from './messages.ts'
import styles from './navigation.module.css'
import { type PageId, pages } from './pages.ts'
import { useWindow } from './store.ts'

const listed = pages.filter(({ apart }) => !apart)

/** The pages; each a jack, and the open one is plugged. */
export function Navigation({ open }: { open: PageId }) {
  const messages = useMessages()
  const version = useWindow(({ state }) => state?.version)
  const troubled = useWindow(
    ({ health }) => [...(health?.targets ?? []), ...(health?.credentials ?? [])].filter(isTroubled).length,
  )
  const ending = useWindow(({ accounts }) => accounts?.filter(({ needsYou }) => needsYou).length ?? 0)
  return (
    <nav className={styles.navigation} aria-label={messages.shell.navigation}>
      <a className={styles.skip} href={`#/${open}`} onClick={() => document.getElementById('page')?.focus()}>
        {messages.shell.skip}
      </a>
      <p className={styles.brand}>Patchbay</p>
      <ul>
        {listed.map(({ id }) => (
          <li key={id}>
            <a className={styles.link} href={`#/${id}`} aria-current={id === open ? 'page' : undefined}>
              <svg className={styles.jack} viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
                <circle className={styles.plug} cx="8" cy="8" r="3.25" fill="currentColor" />
              </svg>
              {messages.pages[id]}
            </a>
            {id === 'health' ? <Count of={troubled} words={messages.shell.troubled} /> : null}
            {id === 'accounts' ? <Count of={ending} words={messages.accounts.needYou} /> : null}
          </li>
        ))}
      </ul>
      {version === undefined ? null : <p className={styles.version}>{messages.shell.version(version)}</p>}
    </nav>
  )
}

/** How many things of a page want attention. */
function Count({ of, words }: { of: number; words(count: number): string }) {
  if (of === 0) return null
  return (
    <span className={styles.count}>
      <StateMark state="tripped" silent />
      <span aria-hidden="true">{of}</span>
      <span className="out-of-sight">{words(of)}</span>
    </span>
  )
}

const isTroubled = ({ state }: { state: string }): boolean => state !== 'healthy'
