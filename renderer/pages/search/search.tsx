import { useClient } from '../../client-context.ts'
import { useDraftConfig } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { useAsked } from '../../use-asked.ts'
import { Engines } from './engines.tsx'
import { Policy } from './policy.tsx'
import styles from './search.module.css'
import { TrySearch } from './try-search.tsx'

/** Who searches the web, when, and a search to try them with. */
export default function Search() {
  const { shell } = useMessages()
  const client = useClient()
  const config = useDraftConfig()
  const revision = useWindow((window) => window.config?.revision)
  const asked = useAsked(revision ?? '', () => client.call('listEngines', {}))
  if (!config) return <p>{shell.loading}</p>
  const { webSearch } = config.virtualrouter
  return (
    <div className={styles.column}>
      <Engines engines={webSearch.engines} asked={asked} />
      <TrySearch engines={asked.answer?.engines ?? []} onSearched={asked.again} />
      <Policy webSearch={webSearch} />
    </div>
  )
}
