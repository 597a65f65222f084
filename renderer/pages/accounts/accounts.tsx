import { useState } from 'react'
import type { AccountView } from '../../../src-core/control/contract.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Empty } from '../../components/empty.tsx'
import { Notice } from '../../components/notice.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { useMessages } from '../../messages.ts'
import { goTo, useAddress } from '../../page-address.ts'
import { useWindow } from '../../store.ts'
import { useAsked } from '../../use-asked.ts'
import { AccountCard } from './account-card.tsx'
import { type AccountGroup, accountGroups } from './account-groups.ts'
import styles from './accounts.module.css'
import { AddAccount } from './add-account.tsx'
import { ImportSheet } from './import-sheet.tsx'
import { type AccountName, LoginSheet } from './login-sheet.tsx'
import { SignOutSheet } from './sign-out-sheet.tsx'
import { Terms } from './terms.tsx'

/** Who is signed in where. The account that is being signed in to stands in the address: `#/accounts/PROVIDER/ALIAS`. */
export default function Accounts() {
  const { accounts: words, overview, shell } = useMessages()
  const client = useClient()
  const providers = useWindow(({ state }) => state?.providers)
  const accounts = useWindow((window) => window.accounts)
  const [provider, alias] = useAddress().split('/').slice(1)
  const account = provider && alias ? { provider, alias } : undefined
  const [adding, setAdding] = useState(false)
  const [importing, setImporting] = useState(false)
  const [leaving, setLeaving] = useState<AccountView>()
  // time alone makes a login end, and nobody tells that
  const asked = useAsked('accounts', async () => useWindow.setState(await client.call('listAccounts', {})))

  function logIn({ provider: id, alias: name }: AccountName): void {
    setAdding(false)
    goTo(`accounts/${id}/${name}`)
  }
  const failure = asked.state === 'failed' ? asked.failure : undefined
  const groups = accounts && providers ? accountGroups(accounts, providers) : undefined
  return (
    <div className={styles.column}>
      <div className={styles.bar}>
        <p className={styles.soft}>{words.intro}</p>
        <Button onClick={() => setImporting(true)}>{words.imports.button}</Button>
        <Button look="main" onClick={() => setAdding(true)}>
          {words.add.button}
        </Button>
      </div>
      {failure ? (
        <Notice kind="problem" actions={<Button onClick={asked.again}>{words.askAgain}</Button>}>
          {words.failed(failure.message)}
        </Notice>
      ) : null}
      {groups === undefined && !failure ? <p>{shell.loading}</p> : null}
      {groups?.length === 0 ? (
        <Empty title={words.none}>
          <p>{words.noneHint}</p>
          <Button onClick={() => goTo('providers')}>{overview.openProviders}</Button>
        </Empty>
      ) : null}
      {groups?.map((group) => (
        <ProviderAccounts key={group.provider} group={group} onSignOut={setLeaving} />
      ))}
      <Sheet open={adding} title={words.add.title} onClose={() => setAdding(false)}>
        <AddAccount providers={providers ?? []} accounts={accounts ?? []} onChosen={logIn} />
      </Sheet>
      <ImportSheet open={importing} onClose={() => setImporting(false)} />
      <LoginSheet account={account} onClose={() => goTo('accounts')} />
      <SignOutSheet account={leaving} onClose={() => setLeaving(undefined)} />
    </div>
  )
}

interface ProviderAccountsProps {
  group: AccountGroup
  onSignOut(account: AccountView): void
}

/** The accounts of one provider, under what its service says of logins. */
function ProviderAccounts({ group: { provider, told, accounts }, onSignOut }: ProviderAccountsProps) {
  const { accounts: words } = useMessages()
  const login = told?.login
  const closed = login?.status?.state === 'retired'
  return (
    <Card
      title={words.accountsOf(provider)}
      actions={
        told ? (
          <Button look="quiet" onClick={() => goTo(`providers/${provider}`)}>
            {words.openProvider}
          </Button>
        ) : null
      }
    >
      <div className={styles.terms}>
        {told ? null : <p className={styles.soft}>{words.notLoaded(provider)}</p>}
        {login ? <Terms login={login} /> : null}
        {login?.hurdle !== undefined && !closed ? <Notice kind="warning">{login.hurdle}</Notice> : null}
        <ul className={styles.accounts}>
          {accounts.map((account) => (
            <AccountCard
              key={account.id}
              account={account}
              mayLogIn={login !== undefined && login.hurdle === undefined}
              onSignOut={() => onSignOut(account)}
            />
          ))}
        </ul>
      </div>
    </Card>
  )
}
