import type { PointerEvent } from 'react'
import { compactCount } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import styles from './limit-bar.module.css'
import { limitZones, placeOf, ratioAt, zoneOf } from './limit-zones.ts'

interface LimitBarProps {
  target: string
  limit: number
  /** The largest window there is: bars share its scale. */
  largest: number
  warnRatio: number
  /** Of the what-if: drawn as a line. */
  tokens: number
  onDrag(ratio: number): void
  onDrop(ratio: number): void
}

/** Recent requests that are drawn, at most. */
const mostTicks = 50
const width = 1000

/** A model's window: safe, risky and too small, a tick for each recent request. The warn line can be dragged. */
export function LimitBar({ target, limit, largest, warnRatio, tokens, onDrag, onDrop }: LimitBarProps) {
  const { routing: words } = useMessages()
  const exchanges = useWindow((window) => window.exchanges)
  const zones = limitZones(limit, warnRatio, largest)
  const at = (count: number) => placeOf(count, zones) * width
  const [warn, end] = [at(zones.warnAt), at(limit)]
  const ticks = exchanges
    .filter((exchange) => exchange.target === target)
    .slice(0, mostTicks)
    .map(({ id, usage, estimatedTokens }) => ({ id, x: at(usage?.inputTokens ?? estimatedTokens ?? 0) }))

  const ratioOf = ({ currentTarget, clientX }: PointerEvent<Element>): number => {
    const { left, width: wide } = currentTarget.closest('svg')!.getBoundingClientRect()
    return ratioAt((clientX - left) / wide, zones)
  }
  const zone = zoneOf(tokens, zones)
  return (
    <div className={styles.bar}>
      <svg
        viewBox={`0 0 ${width} 28`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.barOf(target, compactCount(limit), compactCount(zones.warnAt))}
      >
        <rect className={styles.safe} x="0" y="6" width={warn} height="16" />
        <rect className={styles.risky} x={warn} y="6" width={end - warn} height="16" />
        <rect className={styles.overflow} x={end} y="6" width={width - end} height="16" />
        {ticks.map(({ id, x }) => (
          <line key={id} className={styles.tick} x1={x} x2={x} y1="9" y2="19" />
        ))}
        <line className={styles.end} x1={end} x2={end} y1="2" y2="26" />
        <line className={styles.request} x1={at(tokens)} x2={at(tokens)} y1="0" y2="28" />
        <g
          className={styles.warn}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && onDrag(ratioOf(event))}
          onPointerUp={(event) => onDrop(ratioOf(event))}
        >
          <rect className={styles.grip} x={warn - 12} y="0" width="24" height="28" />
          <line x1={warn} x2={warn} y1="3" y2="25" />
        </g>
      </svg>
      <span className="out-of-sight">{words.barWith(target, compactCount(tokens), words.verdicts[zone])}</span>
    </div>
  )
}
