import { useState } from 'react'
import type { AccountView } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { usesOf } from '../providers/provider-uses.ts'
import { UseList } from '../providers/use-list.tsx'
import styles from './accounts.module.css'

interface SignOutSheetProps {
  /** undefined: the sheet is closed. */
  account: AccountView | undefined
  onClose(): void
}

export function SignOutSheet({ account, onClose }: SignOutSheetProps) {
  const { out } = useMessages().accounts
  return (
    <Sheet open={account !== undefined} title={out.title(account?.id ?? '')} onClose={onClose}>
      {account ? <SignOut key={account.id} account={account} onClose={onClose} /> : null}
    </Sheet>
  )
}

/** Says what stops working before anything does, and afterwards what the service was told. */
function SignOut({ account: { id, provider, usedBy }, onClose }: { account: AccountView; onClose(): void }) {
  const { out: words } = useMessages().accounts
  const client = useClient()
  const config = useWindow((window) => window.config?.value)
  const [going, setGoing] = useState(false)
  const [said, setSaid] = useState<{ kind: 'good' | 'warning' | 'problem'; words: string }>()
  // they stay where they are, and the last of a route with them
  const uses =
    config && usedBy.length > 0
      ? usesOf(config, provider).map((use) => (use.type === 'pool' ? { ...use, last: false } : use))
      : []
  async function signOut(): Promise<void> {
    setGoing(true)
    try {
      const done = await client.call('logout', { account: id })
      setSaid({ kind: done.revoked ? 'good' : 'warning', words: done.words })
      // one that nothing in the config names is gone now, and nobody tells that
      useWindow.setState(await client.call('listAccounts', {}))
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid((before) => before ?? { kind: 'problem', words: words.failed(thrown.message) })
    }
    setGoing(false)
  }
  if (said && said.kind !== 'problem') return <Notice kind={said.kind}>{said.words}</Notice>
  return (
    <div className={styles.form}>
      <p>{words.what}</p>
      <p>{usedBy.length === 0 ? words.stopsNothing : words.stops}</p>
      {usedBy.length === 0 ? null : (
        <ul className={styles.list}>
          {usedBy.map((credential) => (
            <li key={credential}>
              <code>{credential}</code>
            </li>
          ))}
        </ul>
      )}
      {uses.length === 0 ? null : (
        <>
          <p>{words.asked}</p>
          <UseList uses={uses} />
        </>
      )}
      {said ? <Notice kind={said.kind}>{said.words}</Notice> : null}
      <div className={styles.row}>
        <Button look="danger" disabled={going} onClick={() => void signOut()}>
          {words.confirm(id)}
        </Button>
        <Button onClick={onClose}>{words.keep}</Button>
      </div>
    </div>
  )
}
