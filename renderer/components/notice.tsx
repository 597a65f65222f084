import type { ReactNode } from 'react'
import styles from './notice.module.css'
import { StateMark } from './state-mark.tsx'

interface NoticeProps {
  kind: 'good' | 'warning' | 'problem'
  children: ReactNode
  /** Buttons that do something about it. */
  actions?: ReactNode
}

const marks = { good: 'healthy', warning: 'cooling', problem: 'tripped' } as const

/** A sentence about what happened, with what to do as buttons. Told aloud when it comes. */
export function Notice({ kind, children, actions }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${styles[kind]}`} role={kind === 'problem' ? 'alert' : 'status'}>
      <StateMark state={marks[kind]} silent />
      <div className={styles.words}>{children}</div>
      {actions}
    </div>
  )
}
