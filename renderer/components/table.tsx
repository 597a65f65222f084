import type { ReactNode } from 'react'
import styles from './table.module.css'

interface TableProps {
  /** Says what the rows are; read aloud, not shown. */
  caption: string
  columns: { title: string; right?: boolean }[]
  children: ReactNode
}

/** A plain table of few rows: real rows and headers, scrolled sideways in its own box when narrow. */
export function Table({ caption, columns, children }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable without a mouse
    <section className={styles.scroll} aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className="out-of-sight">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, right }) => (
              <th key={title} scope="col" className={right ? styles.right : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
