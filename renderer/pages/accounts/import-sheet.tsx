import { useClient } from '../../client-context.ts'
import { Notice } from '../../components/notice.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import styles from './accounts.module.css'
import { ImportOne } from './import-one.tsx'

/** What could be taken over, each with what is known of it and where it lies. */
export function ImportSheet({ open, onClose }: { open: boolean; onClose(): void }) {
  const { imports: words } = useMessages().accounts
  return (
    <Sheet open={open} title={words.title} onClose={onClose}>
      {open ? <Found /> : null}
    </Sheet>
  )
}

function Found() {
  const { imports: words } = useMessages().accounts
  const { shell } = useMessages()
  const client = useClient()
  const { state, answer, ...asked } = useAsked('imports', () => client.call('previewImport', {}))
  return (
    <div className={styles.form}>
      <p>{words.hint}</p>
      {state === 'asking' && !answer ? <p>{shell.loading}</p> : null}
      {'failure' in asked && asked.failure ? (
        <Notice kind="problem">{words.failed(asked.failure.message)}</Notice>
      ) : null}
      {answer?.found.length === 0 ? <p>{words.none}</p> : null}
      <ul className={styles.accounts}>
        {answer?.found.map((found) => (
          <ImportOne key={found.id} found={found} />
        ))}
      </ul>
    </div>
  )
}
