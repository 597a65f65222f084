import { Card } from '../../components/card.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { diagnosticsText } from './diagnostics-text.ts'
import styles from './settings.module.css'

/** What a bug report needs, to be copied. */
export function Diagnostics() {
  const { settings: words } = useMessages()
  const connection = useWindow((window) => window.connection)
  const state = useWindow((window) => window.state)
  const health = useWindow((window) => window.health)
  const config = useWindow((window) => window.config)
  const text = diagnosticsText({ connection, state, health, config, browser: navigator.userAgent })
  return (
    <Card title={words.diagnostics} actions={<CopyButton text={text} label={words.copyDiagnostics} />}>
      <p className={styles.soft}>{words.diagnosticsHint}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable without a mouse */}
      <section className={styles.report} aria-label={words.report} tabIndex={0}>
        <pre>{text}</pre>
      </section>
    </Card>
  )
}
