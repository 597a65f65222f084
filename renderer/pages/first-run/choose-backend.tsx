import { type FormEvent, useState } from 'react'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import type { Config } from '../../draft/config-value.ts'
import { addChange, applyDraft } from '../../draft/draft.ts'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import { freeId } from '../providers/provider-changes.ts'
import styles from './first-run.module.css'
import { firstBackend } from './first-run-changes.ts'

/** Those most people have come first; the rest follows by name. */
const usual = ['litellm', 'azure-openai', 'gemini', 'openai', 'ollama']

export function ChooseBackend({ config, onChosen }: { config: Config; onChosen(id: string): void }) {
  const { firstRun: words, shell } = useMessages()
  const client = useClient()
  const asked = useAsked('profiles', () => client.call('listProfiles', {}))
  const [chosen, setChosen] = useState(usual[0]!)
  const [address, setAddress] = useState<string>()
  const rank = (id: string) => (usual.includes(id) ? usual.indexOf(id) : usual.length)
  const profiles = asked.answer?.profiles
    .filter(({ id, status }) => status.state !== 'retired' && id !== 'demo')
    .sort((one, other) => rank(one.id) - rank(other.id) || one.name.localeCompare(other.name))
  const profile = profiles?.find(({ id }) => id === chosen)
  if (asked.state === 'failed') return <Notice kind="problem">{words.failed(asked.failure.message)}</Notice>
  if (!profiles || !profile) return <p>{shell.loading}</p>
  const typed = address ?? profile.baseUrl ?? ''

  async function write(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!profile) return
    const id = freeId(config, profile.id)
    await addChange(client, { label: words.labels.backend(id), steps: firstBackend(id, profile, typed) })
    // a problem, and the way back, stand in the draft bar
    await applyDraft(client)
    onChosen(id)
  }
  return (
    <form className={styles.form} onSubmit={(event) => void write(event)}>
      <p className={styles.soft}>{words.backendHint}</p>
      <Field label={words.service} hint={profile.status.because}>
        {(control) => (
          <select
            {...control}
            value={chosen}
            onChange={({ target }) => {
              setChosen(target.value)
              setAddress(undefined)
            }}
          >
            {profiles.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.address} hint={words.addressHint}>
        {(control) => <input {...control} value={typed} onChange={({ target }) => setAddress(target.value.trim())} />}
      </Field>
      <div>
        <Button type="submit" look="main" disabled={typed === ''}>
          {words.use}
        </Button>
      </div>
    </form>
  )
}
