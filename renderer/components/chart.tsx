import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { usePreferences } from '../preferences.ts'
import styles from './chart.module.css'

interface ChartProps {
  /** Seconds since the epoch; bars, on the left axis; a line, on the right one. */
  data: [number[], number[], (number | null)[]]
  bars: string
  line: string
  lineFigure(value: number): string
  /** The same in a sentence, for those who do not see it. */
  label: string
  className: string
}

/** Bars and a line over time. Colours are the theme's; it is drawn anew when that changes. */
export function Chart({ data, bars, line, lineFigure, label, className }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const latest = useRef(data)
  latest.current = data
  const theme = usePreferences((preferences) => preferences.theme)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = new uPlot(optionsOf(element, { bars, line, lineFigure }), latest.current, element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize(sizeOf(element)))
    observer.observe(element)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const redraw = () => made.redraw()
    dark.addEventListener('change', redraw)
    return () => {
      dark.removeEventListener('change', redraw)
      observer.disconnect()
      made.destroy()
    }
  }, [theme, bars, line, lineFigure])

  useEffect(() => plot.current?.setData(data), [data])

  return (
    <figure className={styles.figure}>
      <div ref={place} className={className} role="img" aria-label={label} />
      <figcaption className={styles.legend} aria-hidden="true">
        <span className={styles.bars}>{bars}</span>
        <span className={styles.line}>{line}</span>
      </figcaption>
    </figure>
  )
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({ width: clientWidth, height: clientHeight })

function optionsOf(element: HTMLElement, { bars, line, lineFigure }: Pick<ChartProps, 'bars' | 'line' | 'lineFigure'>) {
  const colour = (name: string) => () => getComputedStyle(element).getPropertyValue(name)
  const axis = {
    stroke: colour('--text-soft'),
    font: '12px system-ui',
    ticks: { show: false },
    grid: { stroke: colour('--line'), width: 1 },
  }
  const options: uPlot.Options = {
    ...sizeOf(element),
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (_, first, last) => [first - 40, last + 40] },
      count: { range: (_, __, most) => [0, Math.max(4, most * 1.15)] },
      wait: { range: (_, __, most) => [0, most * 1.2 || 1] },
    },
    axes: [
      { ...axis, size: 26, grid: { show: false }, values: (_, seconds) => seconds.map(minuteOf) },
      { ...axis, scale: 'count', size: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      { ...axis, scale: 'wait', side: 1, size: 52, grid: { show: false }, values: (_, waits) => waits.map(lineFigure) },
    ],
    series: [
      {},
      {
        label: bars,
        scale: 'count',
        fill: colour('--cable-idle'),
        paths: uPlot.paths.bars!({ size: [0.7, 20], radius: 0.2 }),
        points: { show: false },
      },
      {
        label: line,
        scale: 'wait',
        stroke: colour('--cable'),
        width: 2,
        points: { size: 5, fill: colour('--cable') },
        spanGaps: true,
      },
    ],
  }
  return options
}

const minuteOf = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })
