import { compactCount } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import styles from './usage.module.css'
import { sum, tokensOf, type UsageRow } from './usage-table.ts'

const height = 100
const step = 10
const gap = 2

/** Tokens by hour as bars, those of the answer on top; a mark below hours with errors. */
export function HourBars({ name, hours, tall = false }: { name: string; hours: readonly UsageRow[]; tall?: boolean }) {
  const { usage: words } = useMessages()
  const language = useLanguage()
  const total = sum(hours)
  const most = Math.max(1, ...hours.map(tokensOf))
  const hourOf = new Intl.DateTimeFormat(language, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
  return (
    <figure className={styles.figure}>
      <svg
        className={tall ? styles.tall : styles.small}
        viewBox={`0 0 ${hours.length * step} ${height + 8}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.tokensChart(name, compactCount(tokensOf(total)), compactCount(total.requests))}
      >
        <line className={styles.ground} x1="0" x2={hours.length * step} y1={height} y2={height} />
        {hours.map((hour, index) => {
          const [x, width] = [index * step + gap / 2, step - gap]
          const all = (tokensOf(hour) / most) * height
          const answer = (tokensOf({ ...hour, inputTokens: 0 }) / most) * height
          return (
            <g key={hour.hour}>
              <title>
                {words.bar(
                  hourOf.format(hour.hour),
                  compactCount(hour.inputTokens),
                  compactCount(tokensOf({ ...hour, inputTokens: 0 })),
                  hour.requests,
                  hour.errors,
                )}
              </title>
              <rect className={styles.hit} x={index * step} y="0" width={step} height={height} />
              <rect className={styles.input} x={x} y={height - all + answer} width={width} height={all - answer} />
              <rect className={styles.output} x={x} y={height - all} width={width} height={answer} />
              {hour.errors > 0 ? (
                <path className={styles.errors} d={`M${x} ${height + 8}h${width}l${-width / 2} -7z`} />
              ) : null}
            </g>
          )
        })}
      </svg>
      <figcaption className={styles.legend}>
        <span className={styles.legendInput}>{words.legendInput}</span>
        <span className={styles.legendOutput}>{words.legendOutput}</span>
        {total.errors > 0 ? <span className={styles.legendErrors}>{words.legendErrors}</span> : null}
        <span className={styles.most}>{words.most(compactCount(most === 1 && tokensOf(total) === 0 ? 0 : most))}</span>
      </figcaption>
    </figure>
  )
}
