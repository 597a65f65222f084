import { useEffect, useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { addChange, useDraft } from '../../draft/draft.ts'
import { compactCount, exactTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { useAsked } from '../../use-asked.ts'
import { ConfigExchange } from './config-exchange.tsx'
import styles from './settings.module.css'

/** The file itself: where it is, as text, and its earlier versions. */
export function ConfigFile() {
  const { settings: words } = useMessages()
  const config = useWindow((window) => window.config)
  if (!config) return null
  return (
    <Card title={words.config} actions={<CopyButton text={config.path} label={words.copyPath} />}>
      <div className={styles.form}>
        <p className={styles.path}>
          <code>{config.path}</code>
        </p>
        {config.source === 'environment' ? <p>{words.fromEnvironment}</p> : null}
        <TextEditor />
        <ConfigExchange />
        <Versions revision={config.revision} />
      </div>
    </Card>
  )
}

function TextEditor() {
  const { settings: words, draft: draftWords } = useMessages()
  const client = useClient()
  const inForce = useWindow(({ config }) => config?.text ?? '')
  const { changes, text: drafted, problems } = useDraft()
  const now = changes.length > 0 ? (drafted ?? inForce) : inForce
  const [text, setText] = useState(now)
  useEffect(() => setText(now), [now])
  const known = changes.length > 0 ? problems : []
  const commit = () => {
    if (text !== now) void addChange(client, { label: words.labels.text, text })
  }
  return (
    <details>
      <summary>{words.edit}</summary>
      <Field
        label={words.textLabel}
        hint={words.editHint}
        problem={known && known.length > 0 ? words.problemsIn(known.length) : undefined}
      >
        {(control) => (
          <textarea
            {...control}
            className={styles.text}
            rows={22}
            spellCheck={false}
            wrap="off"
            value={text}
            onChange={({ target }) => setText(target.value)}
            onBlur={commit}
          />
        )}
      </Field>
      <p role="status" className={styles.soft}>
        {text === now && known?.length === 0 ? words.valid : null}
      </p>
      <ul>
        {known?.map(({ path, message, hint, line }) => (
          <li key={`${path} ${message}`}>
            {draftWords.problem(path, message, line)} <span className={styles.soft}>{hint}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Versions({ revision }: { revision: string }) {
  const { settings: words } = useMessages()
  const language = useLanguage()
  const client = useClient()
  const [failure, setFailure] = useState<string>()
  const asked = useAsked(revision, () => client.call('listConfigVersions', {}))
  async function restore(id: string, date: string): Promise<void> {
    try {
      const { text } = await client.call('getConfigVersion', { id })
      setFailure(undefined)
      await addChange(client, { label: words.labels.restored(date), text })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFailure(thrown.message)
    }
  }
  return (
    <div>
      <h3>{words.versions}</h3>
      <p className={styles.soft}>{words.versionsHint}</p>
      {asked.state === 'failed' ? <Notice kind="problem">{words.failed(asked.failure.message)}</Notice> : null}
      {failure === undefined ? null : <Notice kind="problem">{words.failed(failure)}</Notice>}
      {asked.answer?.versions.length === 0 ? <p>{words.noVersions}</p> : null}
      <ul className={styles.versions}>
        {asked.answer?.versions.map(({ id, savedAt, bytes }) => {
          const date = exactTime(savedAt, language)
          return (
            <li key={id}>
              <span>{date}</span>
              <span className={styles.soft}>{words.bytes(compactCount(bytes))}</span>
              <Button look="quiet" aria-label={words.restoreOf(date)} onClick={() => void restore(id, date)}>
                {words.restore}
              </Button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
