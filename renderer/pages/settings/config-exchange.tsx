import { useRef, useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { addChange } from '../../draft/draft.ts'
import { useMessages } from '../../messages.ts'
import { saveFile, today } from '../../save-file.ts'
import styles from './settings.module.css'

/** What stands where a value was hidden. */
const hiddenMark = '***'

/** The config for others, without its secrets, and from others: as a draft that is checked and shown as a diff. */
export function ConfigExchange() {
  const { settings: words } = useMessages()
  const client = useClient()
  const picker = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState<{ kind: 'good' | 'warning' | 'problem'; words: string }>()

  async function save(): Promise<void> {
    try {
      const { text, hidden } = await client.call('exportConfig', {})
      saveFile({ name: `patchbay-config-${today()}.yaml`, text, type: 'application/yaml' })
      setSaid({ kind: 'good', words: words.exported(hidden) })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid({ kind: 'problem', words: words.failed(thrown.message) })
    }
  }

  async function take(file: File): Promise<void> {
    const text = await file.text()
    const hidden = text.split(hiddenMark).length - 1
    setSaid(hidden > 0 ? { kind: 'warning', words: words.importedHidden(hidden) } : undefined)
    await addChange(client, { label: words.labels.imported(file.name), text })
  }

  return (
    <div>
      <h3>{words.exchange}</h3>
      <p className={styles.soft}>{words.exchangeHint}</p>
      <p className={styles.buttons}>
        <Button onClick={() => void save()}>{words.exportConfig}</Button>
        <Button onClick={() => picker.current?.click()}>{words.importConfig}</Button>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".yaml,.yml,.json"
          aria-label={words.importConfig}
          onChange={({ target }) => {
            const file = target.files?.[0]
            if (file) void take(file)
            // the same file may be chosen again
            target.value = ''
          }}
        />
      </p>
      {said ? <Notice kind={said.kind}>{said.words}</Notice> : null}
    </div>
  )
}
