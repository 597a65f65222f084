import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { hanging } from '../overview/patchbay-layout.ts'

/** The way of one request as a small patchbay: what is lit is where it would go. */
export interface WhatIfPath {
  height: number
  routes: { id: string; y: number; taken: boolean }[]
  targets: { id: string; y: number; place: 'first' | 'spare' | 'skipped' }[]
  cables: { key: string; path: string; kind: 'taken' | 'spare' }[]
}

export const pathRow = 26
/** Of each column, so that the drawing stays a glance. */
const mostRows = 6

/** Holes in hundredths of the width: the request, both rims of the routes, the rim of the targets. */
export const pathColumns = { request: 4, routeLeft: 12, routeRight: 40, target: 51 }

/** `routes` as the group names them; a model named outright takes none of them. */
export function whatIfPath(
  { route, order, skipped }: Pick<AnswerOf<'explainRoute'>, 'route' | 'order' | 'skipped'>,
  routes: readonly string[],
): WhatIfPath {
  const known = routes.includes(route) ? routes : [route, ...routes]
  const shown = known.slice(0, mostRows)
  // the one that is taken is never cut off
  if (!shown.includes(route)) shown[shown.length - 1] = route
  const called = [...new Set(order.map(({ target }) => target))]
  const passed = [...new Set(skipped.map(({ target }) => target))].filter((target) => !called.includes(target))
  const targets = [...called, ...passed].slice(0, mostRows)
  const rows = Math.max(shown.length, targets.length, 1)
  const middle = (rows * pathRow) / 2
  /** A column that is shorter hangs in the middle. */
  const yOf = (index: number, of: number) => middle + (index - (of - 1) / 2) * pathRow
  const routeY = yOf(shown.indexOf(route), shown.length)
  return {
    height: rows * pathRow,
    routes: shown.map((id, index) => ({ id, y: yOf(index, shown.length), taken: id === route })),
    targets: targets.map((id, index) => ({
      id,
      y: yOf(index, targets.length),
      place: index === 0 && called.length > 0 ? 'first' : index < called.length ? 'spare' : 'skipped',
    })),
    cables: [
      ...targets.slice(0, called.length).map((id, index) => ({
        key: id,
        path: hanging(
          { x: pathColumns.routeRight, y: routeY },
          { x: pathColumns.target, y: yOf(index, targets.length) },
        ),
        kind: index === 0 ? ('taken' as const) : ('spare' as const),
      })),
      {
        key: ' request',
        path: hanging({ x: pathColumns.request, y: middle }, { x: pathColumns.routeLeft, y: routeY }),
        kind: 'taken',
      },
    ],
  }
}
