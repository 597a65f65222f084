import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useCallback, useRef, useState } from 'react'
import { Name } from '../../components/name.tsx'
import type { ExchangeRing, ExchangeSummary } from '../../exchange-ring.ts'
import { clockTime, compactCount, duration, exactTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import styles from './activity.module.css'
import { Result } from './result.tsx'

const rowHeight = 32

interface ExchangeListProps {
  exchanges: ExchangeRing
  opened: string | undefined
  onOpen(id: string): void
  /** Somebody reads further down, or is back at the top. */
  onLeaveTop(away: boolean): void
}

/**
 * A grid of which only the rows in sight exist. One row is in the tab order; arrows, Home, End and the page keys move,
 * Enter opens.
 */
export function ExchangeList({ exchanges, opened, onOpen, onLeaveTop }: ExchangeListProps) {
  const { activity } = useMessages()
  const box = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState<string>()
  // a new one has every row measured again
  const keyOf = useCallback((index: number) => exchanges[index]!.id, [exchanges])
  const rows = useVirtualizer({
    count: exchanges.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 12,
  })
  const place = Math.max(0, current === undefined ? 0 : exchanges.findIndex(({ id }) => id === current))

  function steer(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight) - 2)
    const steps: Record<string, number> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: exchanges.length - 1,
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onOpen(exchanges[place]!.id)
      return
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    const index = Math.min(exchanges.length - 1, Math.max(0, to))
    setCurrent(exchanges[index]!.id)
    rows.scrollToIndex(index)
    // the row may not exist before it is in sight
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus())
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in sight
    <div className={styles.grid} role="grid" aria-label={activity.exchanges} aria-rowcount={exchanges.length + 1}>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: headers do nothing */}
      <div className={`${styles.row} ${styles.head}`} role="row" aria-rowindex={1}>
        {activity.columns.map((title) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: headers do nothing
          <span key={title} role="columnheader">
            {title}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div
        className={styles.scroll}
        ref={box}
        role="rowgroup"
        onKeyDown={steer}
        onScroll={({ currentTarget }) => onLeaveTop(currentTarget.scrollTop > rowHeight)}
      >
        <div style={{ height: rows.getTotalSize() }} role="presentation">
          {rows.getVirtualItems().map(({ index, start, key }) => {
            const exchange = exchanges[index]!
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the box around the rows
              <div
                key={key}
                className={styles.row}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={exchange.id === opened}
                data-index={index}
                tabIndex={index === place ? 0 : -1}
                style={{ transform: `translateY(${start}px)` }}
                onFocus={() => setCurrent(exchange.id)}
                onClick={() => onOpen(exchange.id)}
              >
                <Cells exchange={exchange} />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** While the list scrolls or grows a row only moves; it is drawn again when its exchange is told anew. */
const Cells = memo(({ exchange }: { exchange: ExchangeSummary }) => {
  const { activity } = useMessages()
  const language = useLanguage()
  const { startedAt, protocol, clientModel, target, route, usage, estimatedTokens, firstContentMs, durationMs, calls } =
    exchange
  const cells = [
    <time key="time" dateTime={new Date(startedAt).toISOString()} title={exactTime(startedAt, language)}>
      {clockTime(startedAt, language)}
    </time>,
    activity.protocols[protocol],
    <Name key="model" of={clientModel} most={22} />,
    target === undefined ? '–' : <Name key="target" of={target} most={30} />,
    route ?? '–',
    tokensOf(usage?.inputTokens, estimatedTokens),
    usage ? compactCount(usage.outputTokens) : '–',
    firstContentMs === undefined ? '–' : duration(firstContentMs),
    durationMs === undefined ? '…' : duration(durationMs),
    calls,
    <span key="result" className={styles.result}>
      <Result of={exchange} />
      {exchange.searches === undefined ? null : <Searched times={exchange.searches} />}
    </span>,
  ]
  return cells.map((cell, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the columns never move
    // biome-ignore lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in sight
    // biome-ignore lint/a11y/useFocusableInteractive: the row has the focus
    <span key={index} role="gridcell" className={styles.cell}>
      {cell}
    </span>
  ))
})

/** A magnifying glass and how often it was used. */
function Searched({ times }: { times: number }) {
  const { activity } = useMessages()
  const words = activity.searchCount(times)
  return (
    <span className={styles.searched} title={words}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <circle cx="5" cy="5" r="3.5" />
        <path d="M7.6 7.6 11 11" />
      </svg>
      <span aria-hidden="true">{times}</span>
      <span className="out-of-sight">{words}</span>
    </span>
  )
}

function tokensOf(reported: number | undefined, estimated: number | undefined): string {
  if (reported !== undefined) return compactCount(reported)
  return estimated === undefined ? '–' : `≈ ${compactCount(estimated)}`
}
