import { useEffect } from 'react'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { useDraftConfig, useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { addAccount } from '../providers/credential-changes.ts'
import styles from './accounts.module.css'
import type { LoginProps } from './login-sheet.tsx'

/** Signed in: as whom, whether it will last, and whether anything uses it. */
export function LoginDone({ account: { provider, alias }, onClose, onSignedIn }: LoginProps) {
  const { sheet: words, labels } = useMessages().accounts
  const edit = useEdit()
  const account = useWindow(({ accounts }) => accounts?.find(({ id }) => id === `${provider}/${alias}`))
  const config = useDraftConfig()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is done
  useEffect(() => onSignedIn?.(), [])
  function use(): void {
    if (!config) return
    edit(labels.use(`${provider}/${alias}`), addAccount(config, provider, alias))
    onClose()
  }
  return (
    <div className={styles.form}>
      <Notice kind="good">{account?.label ? words.done(account.label) : words.doneNameless}</Notice>
      {account?.error === undefined ? null : <Notice kind="warning">{account.error}</Notice>}
      {onSignedIn === undefined && account?.usedBy.length === 0 && config?.virtualrouter.providers[provider] ? (
        <>
          <p>{words.unused(provider)}</p>
          <div>
            <Button look="main" onClick={use}>
              {words.use(provider)}
            </Button>
          </div>
        </>
      ) : null}
    </div>
  )
}
