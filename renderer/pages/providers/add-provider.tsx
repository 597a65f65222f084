import { useState } from 'react'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import type { Config } from '../../draft/config-value.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import { addProvider, freeId, type Profile } from './provider-changes.ts'
import styles from './providers.module.css'

const marks = { active: 'healthy', restricted: 'cooling', retired: 'off' } as const

/** The services there are profiles for, each with its state and the reason for it. */
export function AddProvider({ config, onAdded }: { config: Config; onAdded(id: string): void }) {
  const { providers: words, shell } = useMessages()
  const client = useClient()
  const edit = useEdit()
  const [text, setText] = useState('')
  const asked = useAsked('profiles', () => client.call('listProfiles', {}))
  const profiles = asked.answer?.profiles.filter(({ id, name }) =>
    `${id} ${name}`.toLowerCase().includes(text.trim().toLowerCase()),
  )
  function add(profile: Profile): void {
    const id = freeId(config, profile.id)
    edit(words.labels.added(id), addProvider(id, profile))
    onAdded(id)
  }
  return (
    <div className={styles.form}>
      <p>{words.chooseHint}</p>
      <Field label={words.search}>
        {(control) => (
          <input {...control} type="search" value={text} onChange={({ target }) => setText(target.value)} />
        )}
      </Field>
      {asked.state === 'failed' ? <Notice kind="problem">{words.refusedCall(asked.failure.message)}</Notice> : null}
      {profiles === undefined && asked.state === 'asking' ? <p>{shell.loading}</p> : null}
      {profiles?.length === 0 ? <p>{words.noService(text)}</p> : null}
      <ul>
        {profiles?.map((profile) => (
          <li key={profile.id} className={styles.profile}>
            <div className={styles.between}>
              <strong>{profile.name}</strong>
              <Button onClick={() => add(profile)}>{words.choose(profile.name)}</Button>
            </div>
            <p>
              <StateMark state={marks[profile.status.state]} silent /> {words.status[profile.status.state]}
            </p>
            {profile.status.because ? <p className={styles.soft}>{profile.status.because}</p> : null}
            {profile.status.source ? (
              <a className={styles.soft} href={profile.status.source} target="_blank" rel="noreferrer">
                {words.source}
              </a>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  )
}
