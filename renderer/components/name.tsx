import styles from './name.module.css'

const tailLength = 8
/** Nothing is gained by cutting shorter ones. */
const shortest = 14

/**
 * An id or a model. Where there is no room for all of it the middle goes, since what tells names apart stands at both
 * ends; the tooltip, a copy and a screen reader have it whole.
 */
export function Name({ of, most = 40 }: { of: string; most?: number }) {
  const size = { maxWidth: `min(100%, ${most}ch)` }
  if (of.length < shortest) {
    return (
      <span className={`${styles.name} ${styles.head}`} style={size} title={of}>
        {of}
      </span>
    )
  }
  return (
    <span className={styles.name} style={size} title={of}>
      <span className="out-of-sight">{of}</span>
      <span className={styles.head} aria-hidden="true">
        {of.slice(0, -tailLength)}
      </span>
      <span className={styles.tail} aria-hidden="true">
        {of.slice(-tailLength)}
      </span>
    </span>
  )
}
