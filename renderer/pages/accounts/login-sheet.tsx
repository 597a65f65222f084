import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { useWindow } from '../../store.ts'
import styles from './accounts.module.css'
import { LoginDone } from './login-done.tsx'
import { LoginWaiting } from './login-waiting.tsx'
import { Consent, needsConsent, Terms } from './terms.tsx'
import { useLogin } from './use-login.ts'

/** An account as it is signed in to: `provider/alias`. */
export interface AccountName {
  provider: string
  alias: string
}

interface LoginSheetProps {
  /** undefined: the sheet is closed. */
  account: AccountName | undefined
  onClose(): void
  /** Sees to it that requests use the account; left out, the sheet offers that as a draft. */
  onSignedIn?(): void
}

/** Signs in, from the terms to the end. Opens no page by itself: that is a click of the person. */
export function LoginSheet({ account, onClose, onSignedIn }: LoginSheetProps) {
  const { sheet: words } = useMessages().accounts
  const id = account && `${account.provider}/${account.alias}`
  return (
    <Sheet open={account !== undefined} title={words.title(id ?? '')} onClose={onClose}>
      {account ? <BeforeLogin key={id} account={account} onClose={onClose} onSignedIn={onSignedIn} /> : null}
    </Sheet>
  )
}

export type LoginProps = LoginSheetProps & { account: AccountName }

/** What has to be known first, and what stands in the way. */
function BeforeLogin(props: LoginProps) {
  const { account, onClose } = props
  const { accounts: words, shell } = useMessages()
  const state = useWindow((window) => window.state)
  const [agreed, setAgreed] = useState(false)
  const [begun, setBegun] = useState(false)
  if (!state) return <p>{shell.loading}</p>
  const login = state.providers.find(({ id }) => id === account.provider)?.login
  if (!login) return <Notice kind="problem">{words.sheet.noLogin(account.provider)}</Notice>
  const asks = needsConsent(login)
  const hurdle = login.status?.state === 'retired' ? undefined : login.hurdle
  return (
    <div className={styles.form}>
      <Terms login={login} />
      {login.hurdle !== undefined ? (
        <>
          {hurdle === undefined ? null : <Notice kind="warning">{words.sheet.refused(hurdle)}</Notice>}
          <div>
            <Button onClick={() => goTo(`providers/${account.provider}`)}>{words.openProvider}</Button>
          </div>
        </>
      ) : asks && !begun ? (
        <>
          <Consent given={agreed} onChange={setAgreed} />
          <div className={styles.row}>
            <Button look="main" disabled={!agreed} onClick={() => setBegun(true)}>
              {words.sheet.begin}
            </Button>
            <Button onClick={onClose}>{words.sheet.cancel}</Button>
          </div>
        </>
      ) : (
        <Login {...props} />
      )}
    </div>
  )
}

function Login(props: LoginProps) {
  const { account, onClose } = props
  const { sheet: words } = useMessages().accounts
  const login = useLogin(account.provider, account.alias)
  const again = (
    <Button look="main" onClick={login.again}>
      {words.again}
    </Button>
  )
  switch (login.phase) {
    case 'asking':
      return <p>{words.asking}</p>
    case 'refused':
      return (
        <Notice kind="problem" actions={again}>
          {words.refused(login.because)}
        </Notice>
      )
    case 'waiting':
      return <LoginWaiting key={login.login.id} login={login.login} again={login.again} onCancel={onClose} />
    case 'ended':
      if (login.how === 'signed-in') return <LoginDone {...props} />
      return (
        <Notice kind={login.how === 'failed' ? 'problem' : 'warning'} actions={again}>
          {login.how === 'failed' ? words.ended(login.because) : words.cancelled}
        </Notice>
      )
  }
}
