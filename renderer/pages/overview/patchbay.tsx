import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { Name } from '../../components/name.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import { percent } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import styles from './patchbay.module.css'
import { columns, hanging, layoutPatchbay, rowHeight } from './patchbay-layout.ts'
import { useSentences } from './patchbay-sentences.ts'
import type { PatchbayView } from './patchbay-view.ts'

interface PatchbayProps {
  view: PatchbayView
  /** A cable was plugged: this target is to be the first of this route. */
  onPatch(route: string, target: string): void
}

/**
 * The panel: jacks are buttons, so that keys and screen readers reach them; cables are drawn between them. A route is
 * taken in hand by a click, by Enter or by dragging its hole, and plugged the same way; Escape lets go.
 */
export function Patchbay({ view, onPatch }: PatchbayProps) {
  const { overview } = useMessages()
  const sentences = useSentences(view)
  const panel = useRef<HTMLDivElement>(null)
  const [inHand, setInHand] = useState<string>()
  const [loose, setLoose] = useState<{ x: number; y: number }>()
  const [told, setTold] = useState<string>()
  const { height, y, cables } = layoutPatchbay(view)

  const jacks = (column: string): HTMLButtonElement[] => [
    ...(panel.current?.querySelectorAll<HTMLButtonElement>(`[data-column=${column}]`) ?? []),
  ]

  function take(route: string): void {
    if (inHand === route) {
      letGo()
      return
    }
    setInHand(route)
    const first = view.routes.find(({ id }) => id === route)?.targets[0]
    jacks('target')
      .find(({ dataset }) => dataset.id === first)
      ?.focus()
  }

  function plug(target: string): void {
    if (inHand !== undefined) onPatch(inHand, target)
    letGo()
  }

  function letGo(): void {
    setLoose(undefined)
    if (inHand === undefined) return
    setInHand(undefined)
    jacks('route')
      .find(({ dataset }) => dataset.id === inHand)
      ?.focus()
  }

  function steer(event: KeyboardEvent): void {
    if (event.key === 'Escape') letGo()
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const { column } = (event.target as HTMLElement).dataset
    if (step === 0 || column === undefined) return
    event.preventDefault()
    const all = jacks(column)
    all[all.indexOf(event.target as HTMLButtonElement) + step]?.focus()
  }

  function drag(event: PointerEvent, route: string): void {
    const box = panel.current?.getBoundingClientRect()
    if (!box || event.buttons === 0) return
    // a click that trembles is still a click
    if (loose === undefined && Math.hypot(event.movementX, event.movementY) < 2) return
    setInHand(route)
    setLoose({ x: ((event.clientX - box.left) / box.width) * 100, y: event.clientY - box.top })
  }

  function drop(event: PointerEvent): void {
    if (loose === undefined) return
    // the click that follows is the end of this drag
    addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true })
    const target = document
      .elementsFromPoint(event.clientX, event.clientY)
      .map((element) => element.closest<HTMLElement>('[data-column=target]')?.dataset.id)
      .find((id) => id !== undefined)
    if (target === undefined) letGo()
    else plug(target)
  }

  const tell = (sentence: string) => ({
    'aria-description': sentence,
    onFocus: () => setTold(sentence),
    onMouseEnter: () => setTold(sentence),
  })

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are heard where the jacks inside have the focus
    <div className={styles.frame} onKeyDown={steer} onMouseLeave={() => setTold(undefined)}>
      <div className={styles.heads} aria-hidden="true">
        <span>{overview.clients}</span>
        <span style={{ left: `${columns.route.left}%` }}>{overview.routes}</span>
        <span style={{ left: `${columns.target.left}%` }}>{overview.targets}</span>
      </div>
      <div className={styles.panel} ref={panel} style={{ height }} data-in-hand={inHand !== undefined || undefined}>
        <svg className={styles.cables} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {cables.map(({ from, to, side, kind, path, width, open, requests }) => (
            <path
              key={`${side} ${from} ${to}`}
              className={`${styles.cable} ${styles[kind]}`}
              data-live={open > 0 || undefined}
              data-busy={requests > 0 || undefined}
              data-faded={
                (inHand !== undefined && side === 'target' && inHand === from && kind === 'first') || undefined
              }
              d={path}
              strokeWidth={width}
            />
          ))}
          {loose && inHand !== undefined ? (
            <path
              className={`${styles.cable} ${styles.loose}`}
              d={hanging({ x: columns.route.right, y: y.route[inHand] ?? 0 }, loose)}
              strokeWidth={4}
            />
          ) : null}
        </svg>
        <ul aria-label={overview.clients}>
          {view.clients.map((client) => (
            <li key={client.id} className={styles.place} style={box('client', y.client[client.id])}>
              <button
                type="button"
                className={styles.jack}
                data-column="client"
                data-id={client.id}
                data-live={client.open > 0 || undefined}
                {...tell(sentences.client(client))}
              >
                <span className={styles.words}>{overview.protocols[client.protocol]}</span>
                <Hole plugged={client.requests > 0} />
              </button>
            </li>
          ))}
        </ul>
        <ul aria-label={overview.routes}>
          {view.routes.map((route) => (
            <li key={route.id} className={styles.place} style={box('route', y.route[route.id])}>
              <button
                type="button"
                className={styles.jack}
                data-column="route"
                data-id={route.id}
                data-live={route.open > 0 || undefined}
                aria-pressed={inHand === route.id}
                onClick={() => take(route.id)}
                {...tell(sentences.route(route))}
              >
                <Hole plugged={route.requests > 0} />
                <span className={styles.words}>
                  <Name of={route.id} most={22} />
                </span>
                <span
                  className={styles.handle}
                  title={overview.drag}
                  onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
                  onPointerMove={(event) => drag(event, route.id)}
                  onPointerUp={drop}
                  onPointerCancel={letGo}
                  aria-hidden="true"
                >
                  <Hole plugged={route.targets.length > 0} />
                </span>
              </button>
            </li>
          ))}
        </ul>
        <ul aria-label={overview.targets}>
          {view.targets.map((target) => (
            <li key={target.id} className={styles.place} style={box('target', y.target[target.id])}>
              <button
                type="button"
                className={styles.jack}
                data-column="target"
                data-id={target.id}
                data-live={target.open > 0 || undefined}
                onClick={() => plug(target.id)}
                {...tell(sentences.target(target))}
              >
                <Hole plugged={target.firstFor.length > 0 || target.requests > 0} />
                <StateMark state={target.state} />
                <span className={styles.words}>
                  <Name of={target.id} most={30} />
                  <span className={styles.small}>{sentences.wait(target) ?? <Fullness ratio={target.fullest} />}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <p className={styles.told} role="status">
        {inHand === undefined ? (told ?? overview.panelHint) : overview.inHand(inHand)}
      </p>
    </div>
  )
}

const box = (column: keyof typeof columns, middle = 0) => ({
  left: `${columns[column].left}%`,
  width: `${columns[column].right - columns[column].left}%`,
  top: middle - rowHeight / 2,
  height: rowHeight,
})

function Hole({ plugged }: { plugged: boolean }) {
  return (
    <svg className={styles.hole} viewBox="0 0 16 16" aria-hidden="true" data-plugged={plugged || undefined}>
      <circle cx="8" cy="8" r="6.5" />
      <circle className={styles.plug} cx="8" cy="8" r="3" />
    </svg>
  )
}

function Fullness({ ratio }: { ratio: number | undefined }) {
  const { overview } = useMessages()
  if (ratio === undefined) return overview.noRequestYet
  return (
    <>
      <meter className={styles.fullness} min={0} max={1} value={Math.min(1, ratio)} aria-hidden="true" />
      {percent(ratio)}
    </>
  )
}
