import { useEffect, useRef } from 'react'
import { useNow } from '../../clock.ts'
import { Button, ButtonLink } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { countdown } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import styles from './accounts.module.css'
import { BringAddress } from './bring-address.tsx'
import type { OpenLogin } from './use-login.ts'

interface LoginWaitingProps {
  login: OpenLogin
  again(): void
  onCancel(): void
}

/** What the person does elsewhere, and how long there is for it. */
export function LoginWaiting({ login, again, onCancel }: LoginWaitingProps) {
  const { sheet: words } = useMessages().accounts
  const now = useNow()
  const link = useRef<HTMLAnchorElement>(null)
  // the next thing to do, at hand for the keyboard
  useEffect(() => link.current?.focus(), [])
  const { id, url, userCode, expiresAt, bring } = login
  const cancel = <Button onClick={onCancel}>{words.cancel}</Button>
  // the gateway says so too, if it can be heard
  if (now >= expiresAt) {
    return (
      <Notice kind="warning" actions={<Button onClick={again}>{words.again}</Button>}>
        {words.over}
      </Notice>
    )
  }
  return (
    <div className={styles.form}>
      {userCode === undefined ? (
        <p>{words.codeHint}</p>
      ) : (
        <>
          <p>{words.deviceHint}</p>
          <output className={styles.code} aria-label={words.code}>
            {userCode}
          </output>
        </>
      )}
      <div className={styles.row}>
        <ButtonLink look="main" href={url} ref={link}>
          {words.openPage}
        </ButtonLink>
        {userCode === undefined ? null : <CopyButton text={userCode} label={words.copyCode} />}
        <CopyButton text={url} label={words.copyPage} />
      </div>
      <div className={styles.waiting}>
        <p role="status">{words.waiting}</p>
        <p role="timer" className={styles.soft}>
          {words.left(countdown(expiresAt - now))}
        </p>
      </div>
      {userCode === undefined ? <BringAddress id={id} blocked={bring === true} /> : null}
      <div>{cancel}</div>
    </div>
  )
}
