import { Suspense, useEffect } from 'react'
import { DraftBar } from './draft/draft-bar.tsx'
import { useFirstStart } from './first-start.ts'
import { useLanguage, useMessages } from './messages.ts'
import { Navigation } from './navigation.tsx'
import { useAddress } from './page-address.ts'
import { PageFault } from './page-fault.tsx'
import { pages } from './pages.ts'
import styles from './shell.module.css'
import { StatusLine } from './status-line.tsx'
import { Troubles } from './troubles.tsx'

const preloadMs = 300

/** Navigation, status line, what is wrong at the moment, the open page, the draft bar. */
export function Shell() {
  const messages = useMessages()
  const language = useLanguage()
  const address = useAddress()
  const open = address.split('/', 1)[0]
  useFirstStart(address)
  const { id, Page } = pages.find((page) => page.id === open) ?? pages[0]!
  const title = messages.pages[id]

  useEffect(() => {
    document.title = `${title} – Patchbay`
    document.documentElement.lang = language
  }, [title, language])
  // once there is something to see, the other pages come
  useEffect(() => {
    const soon = setTimeout(() => {
      // what does not come now is asked for again when it is opened
      for (const page of pages) page.preload().catch(() => undefined)
    }, preloadMs)
    return () => clearTimeout(soon)
  }, [])
  useEffect(() => void window.patchbay?.language(language), [language])

  return (
    <div className={styles.shell}>
      <Navigation open={id} />
      <StatusLine />
      <main className={styles.page} id="page" tabIndex={-1}>
        <h1 className="out-of-sight">{title}</h1>
        <Troubles />
        <PageFault key={id}>
          <Suspense fallback={<p className={styles.loading}>{messages.shell.loading}</p>}>
            <Page />
          </Suspense>
        </PageFault>
      </main>
      <DraftBar />
    </div>
  )
}
