import styles from './name.module.css'

const tailLength = 10

/**
 * An id or a model. Where there is no room for all of it the middle goes, since what tells names apart stands at both
 * ends; the tooltip, a copy and a screen reader have it whole.
 */
export function Name({ of, most = 40 }: { of: string; most?: number }) {
  const cut = of.length > 2 * tailLength ? of.length - tailLength : of.length
  return (
    <span className={styles.name} style={{ maxWidth: `min(100%, ${most}ch)` }} title={of}>
      <span className={styles.head}>{of.slice(0, cut)}</span>
      <span>{of.slice(cut)}</span>
    </span>
  )
}
