import type { DiffLine } from '../draft/line-diff.ts'
import styles from './diff.module.css'

const signs = { same: ' ', added: '+', removed: '-' }

/** Changed lines with their signs: the colour only helps. */
export function Diff({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable without a mouse
    <section className={styles.diff} aria-label={label} tabIndex={0}>
      {lines.map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name and never move
        <div key={index} className={styles[kind]}>
          {signs[kind]} {text}
        </div>
      ))}
    </section>
  )
}
