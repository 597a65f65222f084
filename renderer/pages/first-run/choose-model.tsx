import { type FormEvent, useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import type { Config } from '../../draft/config-value.ts'
import { addChange, applyDraft } from '../../draft/draft.ts'
import { useMessages } from '../../messages.ts'
import styles from './first-run.module.css'
import { firstTarget } from './first-run-changes.ts'

/** The model that answers by default, typed or taken from the service's own list. */
export function ChooseModel({ id, config }: { id: string; config: Config }) {
  const { firstRun: words } = useMessages()
  const client = useClient()
  const [model, setModel] = useState('')
  const [known, setKnown] = useState<string[]>([])
  const [failure, setFailure] = useState<string>()
  async function ask(): Promise<void> {
    try {
      const { models } = await client.call('discoverModels', { provider: id })
      setKnown(models.map((each) => each.id))
      setFailure(undefined)
      setModel((typed) => typed || (models[0]?.id ?? ''))
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFailure(thrown.message)
    }
  }
  async function use(event: FormEvent): Promise<void> {
    event.preventDefault()
    const target = `${id}.${model}`
    await addChange(client, { label: words.labels.model(target), steps: firstTarget(config, id, target) })
    await applyDraft(client)
  }
  return (
    <form className={styles.form} onSubmit={(event) => void use(event)}>
      <Field label={words.model} hint={words.modelHint}>
        {(control) => (
          <>
            <input
              {...control}
              list={`${control.id}-known`}
              value={model}
              spellCheck={false}
              onChange={({ target }) => setModel(target.value.trim())}
            />
            <datalist id={`${control.id}-known`}>
              {known.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {failure === undefined ? null : <Notice kind="problem">{words.failed(failure)}</Notice>}
      <div className={styles.row}>
        <Button onClick={() => void ask()}>{words.ask}</Button>
        <Button type="submit" look="main" disabled={model === ''}>
          {words.useModel}
        </Button>
      </div>
    </form>
  )
}
