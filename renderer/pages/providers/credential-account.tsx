import { accountMark, isSignedIn } from '../../account-state.ts'
import { Button } from '../../components/button.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { useWindow } from '../../store.ts'
import styles from './providers.module.css'

/** How the account behind a credential (`provider[alias]`) in force stands, and the way to sign in. */
export function CredentialAccount({ credential }: { credential: string }) {
  const { accounts: words } = useMessages()
  const account = useWindow(({ accounts }) => accounts?.find(({ usedBy }) => usedBy.includes(credential)))
  if (!account) return null
  const { id, state, label, error } = account
  const signedIn = isSignedIn(account)
  return (
    <div className={styles.form}>
      <div className={styles.state}>
        <StateMark state={accountMark(account)} silent />
        <p>{label === null || !signedIn ? words.states[state] : words.stateAs(words.states[state], label)}</p>
      </div>
      {error === undefined ? null : <p className={styles.soft}>{error}</p>}
      <div>
        <Button
          aria-label={signedIn ? words.signInAgainNamed(id) : words.signInNamed(id)}
          onClick={() => goTo(`accounts/${id}`)}
        >
          {signedIn ? words.signInAgain : words.signIn}
        </Button>
      </div>
    </div>
  )
}
