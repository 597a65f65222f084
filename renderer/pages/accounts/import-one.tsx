import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { exactTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import styles from './accounts.module.css'

type Importable = AnswerOf<'previewImport'>['found'][number]

/** One login or key of another program, and what it would become. */
export function ImportOne({ found }: { found: Importable }) {
  const { imports: words, who } = useMessages().accounts
  const language = useLanguage()
  const { from, kind, profile, label, expiresAt, note, hurdle } = found
  return (
    <li className={styles.account}>
      <h3>{words.heading(words.kinds[kind], profile)}</h3>
      <dl className={styles.facts}>
        <dt>{words.from}</dt>
        <dd>
          <code>{from}</code>
        </dd>
        {label === undefined ? null : (
          <>
            <dt>{who}</dt>
            <dd>{label}</dd>
          </>
        )}
        {expiresAt === undefined ? null : (
          <>
            <dt>{words.ends}</dt>
            <dd>{exactTime(expiresAt, language)}</dd>
          </>
        )}
      </dl>
      {note === undefined ? null : <Notice kind="warning">{note}</Notice>}
      {hurdle === undefined ? <Take found={found} /> : <p className={styles.because}>{hurdle}</p>}
    </li>
  )
}

function Take({ found: { id, from, kind, profile } }: { found: Importable }) {
  const { imports: words, add } = useMessages().accounts
  const client = useClient()
  const providers = useWindow(({ state }) => state?.providers)?.filter((each) => each.profile === profile)
  const [secret, setSecret] = useState(profile)
  const [provider, setProvider] = useState(providers?.[0]?.id)
  const [alias, setAlias] = useState('default')
  const [said, setSaid] = useState<{ kind: 'good' | 'problem'; words: string }>()
  async function take(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      const done = await client.call('importCredential', kind === 'key' ? { id, secret } : { id, provider, alias })
      setSaid({ kind: 'good', words: done.words })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid({ kind: 'problem', words: words.failed(thrown.message) })
    }
  }
  if (kind === 'account' && !provider) return <p className={styles.because}>{words.noProvider(profile)}</p>
  if (said?.kind === 'good') return <Notice kind="good">{said.words}</Notice>
  return (
    <form className={styles.form} onSubmit={(event) => void take(event)}>
      {kind === 'key' ? (
        <Field label={words.secret}>
          {(control) => (
            <input
              {...control}
              value={secret}
              spellCheck={false}
              onChange={({ target }) => setSecret(target.value.trim())}
            />
          )}
        </Field>
      ) : (
        <>
          <Field label={words.provider}>
            {(control) => (
              <select {...control} value={provider} onChange={({ target }) => setProvider(target.value)}>
                {providers?.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.id}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={add.name} hint={add.nameHint}>
            {(control) => (
              <input
                {...control}
                value={alias}
                spellCheck={false}
                onChange={({ target }) => setAlias(target.value.trim())}
              />
            )}
          </Field>
        </>
      )}
      {said ? <Notice kind="problem">{said.words}</Notice> : null}
      <div>
        <Button type="submit" aria-label={words.take(from)} disabled={(kind === 'key' ? secret : alias) === ''}>
          {words.takeIt}
        </Button>
      </div>
    </form>
  )
}
