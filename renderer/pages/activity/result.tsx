import { StateMark } from '../../components/state-mark.tsx'
import type { ExchangeSummary } from '../../exchange-ring.ts'
import { useMessages } from '../../messages.ts'
import styles from './activity.module.css'

/** How an exchange went, by a shape and a word. */
export function Result({ of: { state, error, status } }: { of: Pick<ExchangeSummary, 'state' | 'error' | 'status'> }) {
  const { activity } = useMessages()
  if (state === 'open') return <span className={styles.open}>{activity.open}</span>
  if (error?.kind === 'client-gone') {
    return (
      <span>
        <StateMark state="off" silent /> {activity.clientGone}
      </span>
    )
  }
  return (
    <span>
      <StateMark state={error ? 'tripped' : 'healthy'} silent /> {error ? error.kind : (status ?? 200)}
    </span>
  )
}
