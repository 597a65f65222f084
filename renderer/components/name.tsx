import { shorten } from '../format.ts'
import styles from './name.module.css'

/** An id or a model, shortened in the middle where it is long; whole in a tooltip, for copying and for being read aloud. */
export function Name({ of, most = 40 }: { of: string; most?: number }) {
  const shown = shorten(of, most)
  if (shown === of) return <span className={styles.name}>{of}</span>
  return (
    <span className={styles.name} title={of}>
      <span aria-hidden="true">{shown}</span>
      <span className="out-of-sight">{of}</span>
    </span>
  )
}
