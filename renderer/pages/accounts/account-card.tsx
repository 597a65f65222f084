import type { AccountView } from '../../../src-core/control/contract.ts'
import { accountMark, isSignedIn } from '../../account-state.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { Name } from '../../components/name.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import { exactTime, relativeTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { AccountQuota } from './account-quota.tsx'
import styles from './accounts.module.css'

interface AccountCardProps {
  account: AccountView
  /** Whether one can sign in there at all. */
  mayLogIn: boolean
  onSignOut(): void
}

/** One account: how it stands, and what can be done about it. */
export function AccountCard({ account, mayLogIn, onSignOut }: AccountCardProps) {
  const { accounts: words } = useMessages()
  const { id, alias, state, error, login, usedBy } = account
  const signedIn = isSignedIn(account)
  const serves = signedIn && state !== 'sign-in-again'
  return (
    <li className={styles.account}>
      <div className={styles.head}>
        <StateMark state={accountMark(account)} silent />
        <h3>
          <Name of={alias} most={32} />
        </h3>
        <span className={styles.state}>{words.states[state]}</span>
      </div>
      {error === undefined ? null : <p className={styles.because}>{error}</p>}
      {login?.state === 'open' ? <p className={styles.soft}>{words.login}</p> : null}
      <Facts account={account} />
      {serves && usedBy.length > 0 ? <AccountQuota account={id} /> : null}
      <div className={styles.row}>
        {mayLogIn ? (
          <Button
            look={serves ? 'plain' : 'main'}
            aria-label={signedIn ? words.signInAgainNamed(id) : words.signInNamed(id)}
            onClick={() => goTo(`accounts/${id}`)}
          >
            {signedIn ? words.signInAgain : words.signIn}
          </Button>
        ) : null}
        {signedIn ? (
          <Button aria-label={words.signOutNamed(id)} onClick={onSignOut}>
            {words.signOut}
          </Button>
        ) : null}
      </div>
    </li>
  )
}

function Facts({ account }: { account: AccountView }) {
  const { accounts: words } = useMessages()
  const { label, scopes, usedBy } = account
  return (
    <dl className={styles.facts}>
      {label === null ? null : (
        <>
          <dt>{words.who}</dt>
          <dd>{label}</dd>
        </>
      )}
      {isSignedIn(account) && account.state !== 'sign-in-again' ? (
        <>
          <dt>{words.expires}</dt>
          <dd>
            <Expiry account={account} />
          </dd>
        </>
      ) : null}
      {scopes.length === 0 ? null : (
        <>
          <dt>{words.scopes}</dt>
          <dd>{scopes.join(', ')}</dd>
        </>
      )}
      <dt>{words.usedBy}</dt>
      <dd>{usedBy.length === 0 ? words.unused : usedBy.join(', ')}</dd>
    </dl>
  )
}

/** When the token ends; that is no end of the login where it renews itself. */
function Expiry({ account: { expiresAt, renews, state } }: { account: AccountView }) {
  const { accounts: words } = useMessages()
  const language = useLanguage()
  const now = useNow()
  if (expiresAt === null) return words.neverEnds
  const when = relativeTime(expiresAt, now, language)
  const said = !renews ? words.endsIn(when) : state === 'expiring' ? when : words.renewed(when)
  return <span title={exactTime(expiresAt, language)}>{said}</span>
}
