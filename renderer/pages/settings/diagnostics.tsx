import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { useMessages } from '../../messages.ts'
import { saveFile, today } from '../../save-file.ts'
import { useAsked } from '../../use-asked.ts'
import styles from './settings.module.css'

/** What a bug report needs, to be looked through, copied or kept as one file. */
export function Diagnostics() {
  const { settings: words } = useMessages()
  const client = useClient()
  const asked = useAsked('', () => client.call('getDiagnostics', { window: navigator.userAgent }))
  const text = asked.answer?.text
  return (
    <Card title={words.diagnostics} actions={text ? <CopyButton text={text} label={words.copyDiagnostics} /> : null}>
      <p className={styles.soft}>{words.diagnosticsHint}</p>
      {asked.state === 'failed' ? <Notice kind="problem">{words.failed(asked.failure.message)}</Notice> : null}
      {text === undefined ? null : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable without a mouse */}
          <section className={styles.report} aria-label={words.report} tabIndex={0}>
            <pre>{text}</pre>
          </section>
          <p className={styles.buttons}>
            <Button
              onClick={() => saveFile({ name: `patchbay-diagnostics-${today()}.json`, text, type: 'application/json' })}
            >
              {words.saveDiagnostics}
            </Button>
            <Button onClick={asked.again}>{words.lookAgain}</Button>
          </p>
        </>
      )}
    </Card>
  )
}
