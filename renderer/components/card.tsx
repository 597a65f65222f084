import { type ReactNode, useId } from 'react'
import styles from './card.module.css'

interface CardProps {
  title: string
  /** At the right of the title. */
  actions?: ReactNode
  children: ReactNode
  className?: string
}

/** A titled part of a page; a region for those who jump between them. */
export function Card({ title, actions, children, className = '' }: CardProps) {
  const id = useId()
  return (
    <section className={`${styles.card} ${className}`} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id}>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}
