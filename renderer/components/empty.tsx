import type { ReactNode } from 'react'
import styles from './empty.module.css'

/** Nothing to show: says why, and what would change that. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <svg className={styles.jack} viewBox="0 0 40 40" aria-hidden="true">
        <circle cx="20" cy="20" r="17" fill="none" stroke="currentColor" strokeWidth="2" />
        <circle cx="20" cy="20" r="8" fill="none" stroke="currentColor" strokeWidth="2" />
      </svg>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  )
}
