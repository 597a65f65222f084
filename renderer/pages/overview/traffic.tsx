import { useMemo } from 'react'
import { useNow } from '../../clock.ts'
import { Card } from '../../components/card.tsx'
import { Chart } from '../../components/chart.tsx'
import { duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { byMinute } from './figures.ts'
import styles from './overview.module.css'

const minutes = 30

/** Requests and the wait for the first token, minute by minute. */
export function Traffic() {
  const { overview } = useMessages()
  const exchanges = useWindow((window) => window.exchanges)
  const now = useNow()
  const fiveSeconds = Math.floor(now / 5000)
  const series = useMemo(() => byMinute(exchanges, fiveSeconds * 5000, minutes), [exchanges, fiveSeconds])
  const sum = series[1].reduce((all, count) => all + count, 0)
  return (
    <Card title={overview.traffic}>
      <Chart
        className={styles.chart ?? ''}
        data={series}
        bars={overview.requests}
        line={overview.firstToken}
        lineFigure={duration}
        label={overview.trafficWords(sum, minutes)}
      />
    </Card>
  )
}
