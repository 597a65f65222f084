import { useMessages } from '../../messages.ts'
import styles from './health.module.css'
import type { Hour } from './hours.ts'

/** Twenty-four hours as bars; what failed hangs from the top, so that it shows without its colour. */
export function HourStrip({ hours }: { hours: Hour[] }) {
  const { health } = useMessages()
  const requests = hours.reduce((sum, hour) => sum + hour.requests, 0)
  const errors = hours.reduce((sum, hour) => sum + hour.errors, 0)
  const words = requests === 0 ? health.stripEmpty : health.strip(requests, errors)
  return (
    <svg className={styles.strip} viewBox="0 0 120 20" role="img" aria-label={words}>
      <title>{words}</title>
      {hours.map((hour, index) => {
        const failed = hour.requests === 0 ? 0 : Math.max(hour.errors > 0 ? 4 : 0, (hour.errors / hour.requests) * 20)
        const x = index * 5
        return (
          <g key={hour.at}>
            <rect className={styles.none} x={x} y={9} width="4" height="2" rx="1" />
            {hour.requests > hour.errors ? (
              <rect
                className={styles.answered}
                x={x}
                y={failed && failed + 1}
                width="4"
                height={20 - (failed && failed + 1)}
                rx="1"
              />
            ) : null}
            {failed > 0 ? <rect className={styles.failed} x={x} y="0" width="4" height={failed} rx="1" /> : null}
          </g>
        )
      })}
    </svg>
  )
}
