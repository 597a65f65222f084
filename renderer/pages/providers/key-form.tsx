import { type FormEvent, useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import styles from './providers.module.css'

/** Sets the key behind a `keychain:` reference, at once: a key is no draft. */
export function KeyForm({ reference }: { reference: string }) {
  const { providers: words } = useMessages()
  const client = useClient()
  const [key, setKey] = useState('')
  const [said, setSaid] = useState<{ kind: 'good' | 'problem'; words: string }>()
  const secrets = useAsked('secrets', () => client.call('listSecrets', {}))
  if (!reference.startsWith('keychain:')) return <p className={styles.soft}>{words.keyElsewhere(reference)}</p>
  const name = reference.slice('keychain:'.length)
  const isSet = secrets.answer?.names.some((secret) => secret.name === name)

  async function doing(call: () => Promise<{ words: string }>): Promise<void> {
    try {
      setSaid({ kind: 'good', words: (await call()).words })
      setKey('')
      secrets.again()
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid({ kind: 'problem', words: words.refusedCall(thrown.message) })
    }
  }
  function submit(event: FormEvent): void {
    event.preventDefault()
    void doing(() => client.call('setSecret', { name, value: key.trim() }))
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {isSet === undefined ? null : <p>{isSet ? words.keySet : words.keyMissing}</p>}
      <div className={styles.row}>
        <Field label={words.newKey} hint={words.newKeyHint(name)}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="off"
              value={key}
              onChange={({ target }) => setKey(target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={key.trim() === ''}>
          {words.setKey}
        </Button>
        {isSet ? (
          <Button look="danger" onClick={() => void doing(() => client.call('deleteSecret', { name }))}>
            {words.removeKey}
          </Button>
        ) : null}
      </div>
      {said ? <Notice kind={said.kind}>{said.words}</Notice> : null}
    </form>
  )
}
