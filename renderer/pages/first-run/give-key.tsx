import { type FormEvent, useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import type { Config } from '../../draft/config-value.ts'
import { useMessages } from '../../messages.ts'
import { useAccountOf } from '../../use-account.ts'
import { ChooseModel } from './choose-model.tsx'
import styles from './first-run.module.css'
import { SignInInstead } from './sign-in-instead.tsx'

interface GiveKeyProps {
  id: string
  config: Config
  hasKey: boolean
  /** The model that already answers. */
  target: string | undefined
}

/** The key of the backend, and which of its models answers. */
export function GiveKey({ id, config, hasKey, target }: GiveKeyProps) {
  const { firstRun: words } = useMessages()
  const client = useClient()
  const [key, setKey] = useState('')
  const [said, setSaid] = useState<{ kind: 'good' | 'problem'; words: string }>()
  const auth = config.virtualrouter.providers[id]?.auth
  const secret = auth && !Array.isArray(auth) ? auth.secret : undefined
  const signsIn = useAccountOf(id) !== undefined

  async function set(event: FormEvent, name: string): Promise<void> {
    event.preventDefault()
    try {
      setSaid({ kind: 'good', words: (await client.call('setSecret', { name, value: key.trim() })).words })
      setKey('')
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid({ kind: 'problem', words: words.failed(thrown.message) })
    }
  }
  return (
    <>
      {secret?.startsWith('keychain:') && !said ? (
        <form className={styles.row} onSubmit={(event) => void set(event, secret.slice('keychain:'.length))}>
          <Field label={words.keyField} hint={hasKey ? words.keyThere : words.keyHint}>
            {(control) => (
              <input
                {...control}
                type="password"
                autoComplete="off"
                value={key}
                onChange={({ target: { value } }) => setKey(value)}
              />
            )}
          </Field>
          <Button type="submit" disabled={key.trim() === ''}>
            {words.setKey}
          </Button>
        </form>
      ) : said || signsIn ? null : (
        <p>{secret === undefined ? words.keyNone : words.keyElsewhere}</p>
      )}
      {said ? <Notice kind={said.kind}>{said.words}</Notice> : <SignInInstead id={id} />}
      {target === undefined ? <ChooseModel id={id} config={config} /> : <p>{words.modelDone(target)}</p>}
    </>
  )
}
