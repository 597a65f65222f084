import { Button } from './components/button.tsx'
import { Notice } from './components/notice.tsx'
import { useMessages } from './messages.ts'
import { goTo, useAddress } from './page-address.ts'
import { useWindow } from './store.ts'
import styles from './troubles.module.css'

/** What is wrong with the whole: no connection, no token, a config that is not in force, logins that end. */
export function Troubles() {
  const { shell, draft } = useMessages()
  const connection = useWindow((window) => window.connection)
  const problems = useWindow(({ state }) => state?.problems)
  return (
    <>
      {connection === 'offline' ? <Notice kind="warning">{shell.offline}</Notice> : null}
      {connection === 'no-token' ? <Notice kind="problem">{shell.noToken}</Notice> : null}
      {problems && problems.length > 0 ? (
        <Notice kind="problem">
          <strong>{shell.configProblems(problems.length)}</strong>{' '}
          {problems.every(({ advice }) => advice) ? null : shell.configProblemsHint}
          <ul className={styles.problems}>
            {problems.slice(0, 5).map(({ path, message, hint, line }) => (
              <li key={`${path} ${message}`} title={hint}>
                {draft.problem(path, message, line)}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <LoginTroubles />
    </>
  )
}

/** Logins that end or have ended; on their own page they say so themselves. */
function LoginTroubles() {
  const { accounts: words } = useMessages()
  const isThere = useAddress().startsWith('accounts')
  const accounts = useWindow((window) => window.accounts)
  if (isThere) return null
  return accounts
    ?.filter(({ needsYou }) => needsYou)
    .map(({ id, state, error }) => (
      <Notice
        key={id}
        kind={state === 'expiring' ? 'warning' : 'problem'}
        actions={
          <Button aria-label={words.signInAgainNamed(id)} onClick={() => goTo(`accounts/${id}`)}>
            {words.signInAgain}
          </Button>
        }
      >
        {words.needsYou(id, error ?? words.states[state])}
      </Notice>
    ))
}
