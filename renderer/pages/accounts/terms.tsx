import { useId } from 'react'
import type { SignInView } from '../../../src-core/control/contract.ts'
import { Notice } from '../../components/notice.tsx'
import { useMessages } from '../../messages.ts'
import styles from './accounts.module.css'

/** What a service says of logins like this one; nothing where it has nothing against them. */
export function Terms({ login: { status, client } }: { login: SignInView }) {
  const { terms } = useMessages().accounts
  if (!needsConsent({ status, client }) && status?.state !== 'retired') return null
  const retired = status?.state === 'retired'
  const bare = retired ? terms.retiredNoDate : terms.restrictedNoDate
  const dated = retired ? terms.retired : terms.restricted
  return (
    <Notice kind={retired ? 'problem' : 'warning'}>
      {status && status.state !== 'active' ? (
        <>
          <strong>{status.since === undefined ? bare : dated(status.since)}</strong> {status.because}{' '}
          {status.source === undefined ? null : (
            <a href={status.source} target="_blank" rel="noreferrer">
              {terms.source}
            </a>
          )}
        </>
      ) : null}
      {client === undefined || retired ? null : <p>{terms.asInstalled}</p>}
    </Notice>
  )
}

/** Whether the service still has such a login. */
export function isOffered(login: SignInView | undefined): boolean {
  return login !== undefined && login.status?.state !== 'retired'
}

/** Whether a person is to agree first. */
export function needsConsent({ status, client }: Pick<SignInView, 'status' | 'client'>): boolean {
  return status?.state === 'restricted' || client !== undefined
}

export function Consent({ given, onChange }: { given: boolean; onChange(given: boolean): void }) {
  const { terms } = useMessages().accounts
  const id = useId()
  return (
    <div className={styles.consent}>
      <input id={id} type="checkbox" checked={given} onChange={({ target }) => onChange(target.checked)} />
      <label htmlFor={id}>{terms.consent}</label>
    </div>
  )
}
