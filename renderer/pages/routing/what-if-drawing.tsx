import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { Name } from '../../components/name.tsx'
import { useMessages } from '../../messages.ts'
import styles from './what-if-drawing.module.css'
import { pathColumns, pathRow, whatIfPath } from './what-if-path.ts'

interface WhatIfDrawingProps {
  explanation: AnswerOf<'explainRoute'>
  /** Of the group that decides. */
  routes: readonly string[]
}

/** The way a request would take, lit on a small patchbay. The words beside it say the same. */
export function WhatIfDrawing({ explanation, routes }: WhatIfDrawingProps) {
  const { routing: words } = useMessages()
  const path = whatIfPath(explanation, routes)
  const first = explanation.order[0]?.target
  const place = (left: number, right: number, y: number) => ({
    left: `${left}%`,
    width: `${right - left}%`,
    top: y - pathRow / 2,
    height: pathRow,
  })
  return (
    <div
      className={styles.drawing}
      role="img"
      aria-label={first === undefined ? words.drawnNobody(explanation.route) : words.drawn(explanation.route, first)}
      style={{ height: path.height }}
    >
      <svg className={styles.cables} viewBox={`0 0 100 ${path.height}`} preserveAspectRatio="none" aria-hidden="true">
        {path.cables.map(({ key, path: d, kind }) => (
          <path key={key} className={styles.cable} data-kind={kind} d={d} />
        ))}
      </svg>
      <span className={styles.request} style={place(0, pathColumns.request, path.height / 2)} aria-hidden="true" />
      {path.routes.map(({ id, y, taken }) => (
        <span
          key={id}
          className={styles.jack}
          data-lit={taken || undefined}
          style={place(pathColumns.routeLeft, pathColumns.routeRight, y)}
        >
          <Name of={id === 'direct' ? words.direct : id} most={14} />
        </span>
      ))}
      {path.targets.map(({ id, y, place: how }) => (
        <span
          key={id}
          className={styles.jack}
          data-lit={how === 'first' || undefined}
          data-skipped={how === 'skipped' || undefined}
          style={place(pathColumns.target, 100, y)}
        >
          <Name of={id} most={20} />
        </span>
      ))}
    </div>
  )
}
