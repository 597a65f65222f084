import { type FormEvent, useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { useMessages } from '../../messages.ts'
import styles from './accounts.module.css'

/** Finishes a login with the address the browser ended at: its port is taken, or it runs on another machine. */
export function BringAddress({ id, blocked }: { id: string; blocked: boolean }) {
  const { sheet: words } = useMessages().accounts
  const client = useClient()
  const [address, setAddress] = useState('')
  const [problem, setProblem] = useState<string>()
  async function bring(event: FormEvent): Promise<void> {
    event.preventDefault()
    setProblem(undefined)
    try {
      // that it worked is told with the account
      await client.call('completeLogin', { id, redirectUrl: address.trim() })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setProblem(thrown.message)
    }
  }
  return (
    <details open={blocked}>
      <summary>{words.bringTitle}</summary>
      <form className={styles.form} onSubmit={(event) => void bring(event)}>
        <Field label={words.address} hint={blocked ? words.bringBlocked : words.bringHint} problem={problem}>
          {(control) => (
            <input
              {...control}
              value={address}
              placeholder="http://127.0.0.1…"
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setAddress(target.value)}
            />
          )}
        </Field>
        <div>
          <Button type="submit" disabled={address.trim() === ''}>
            {words.bring}
          </Button>
        </div>
      </form>
    </details>
  )
}
