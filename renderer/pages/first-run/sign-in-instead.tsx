import { useState } from 'react'
import { isSignedIn } from '../../account-state.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { addChange, applyDraft } from '../../draft/draft.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { useAccountOf } from '../../use-account.ts'
import { LoginSheet } from '../accounts/login-sheet.tsx'
import { isOffered } from '../accounts/terms.tsx'
import styles from './first-run.module.css'

/** Where the service has a login: no key is needed then. */
export function SignInInstead({ id }: { id: string }) {
  const { firstRun: words, accounts } = useMessages()
  const client = useClient()
  const login = useWindow(({ state }) => state?.providers.find((each) => each.id === id)?.login)
  const account = useAccountOf(id)
  const [open, setOpen] = useState(false)
  if (!login || !isOffered(login)) return null
  if (login.hurdle !== undefined) return <p className={styles.soft}>{words.signInFirst(login.hurdle)}</p>

  // a key is asked for as before while nobody is signed in
  async function use(): Promise<void> {
    if (account) return
    const path = ['virtualrouter', 'providers', id, 'auth']
    await addChange(client, { label: words.signIn, steps: [{ path, value: { type: 'oauth' } }] })
    // a problem, and the way back, stand in the draft bar
    await applyDraft(client)
  }
  const signedIn = account !== undefined && isSignedIn(account)
  return (
    <div className={styles.row}>
      {signedIn ? (
        <Notice kind="good">{account.label ? words.signedIn(account.label) : accounts.states.ok}</Notice>
      ) : (
        <>
          <Button onClick={() => setOpen(true)}>{words.signIn}</Button>
          <p className={styles.soft}>{words.signInHint}</p>
        </>
      )}
      <LoginSheet
        account={open ? { provider: id, alias: account?.alias ?? 'default' } : undefined}
        onClose={() => setOpen(false)}
        onSignedIn={() => void use()}
      />
    </div>
  )
}
