import { Notice } from './components/notice.tsx'
import { useMessages } from './messages.ts'
import { useWindow } from './store.ts'
import styles from './troubles.module.css'

/** What is wrong with the whole: no connection, no token, a config that is not in force. */
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
            {problems.slice(0, 5).map(({ path, message, hint }) => (
              <li key={`${path} ${message}`} title={hint}>
                {draft.problem(path, message)}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </>
  )
}
