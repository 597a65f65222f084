import type { Cable, PatchbayView } from './patchbay-view.ts'

/** Heights in pixels; widths in hundredths of the drawing, so that it stretches without being drawn again. */
export const rowHeight = 50

/** Where the holes of each column are: left and right edge. */
export const columns = {
  client: { left: 0, right: 21 },
  route: { left: 36, right: 55 },
  target: { left: 70, right: 100 },
}

export interface Layout {
  height: number
  /** The middle of each jack's row. */
  y: { client: Record<string, number>; route: Record<string, number>; target: Record<string, number> }
  cables: (Cable & { path: string; width: number })[]
}

export function layoutPatchbay({ clients, routes, targets, cables }: PatchbayView): Layout {
  const rows = Math.max(clients.length, routes.length, targets.length, 1)
  const place = (jacks: { id: string }[]) =>
    Object.fromEntries(jacks.map(({ id }, index) => [id, index * rowHeight + rowHeight / 2]))
  const y = { client: place(clients), route: place(routes), target: place(targets) }
  const busiest = Math.max(1, ...cables.map(({ requests }) => requests))
  return {
    height: rows * rowHeight,
    y,
    cables: cables
      .map((cable) => {
        const [from, to] =
          cable.side === 'client'
            ? [point(columns.client.right, y.client[cable.from]), point(columns.route.left, y.route[cable.to])]
            : [point(columns.route.right, y.route[cable.from]), point(columns.target.left, y.target[cable.to])]
        return { ...cable, path: hanging(from, to), width: weight(cable.requests, busiest) }
      })
      // the busy ones lie on top
      .sort((one, other) => one.width - other.width),
  }
}

interface Point {
  x: number
  y: number
}

const point = (x: number, y = 0): Point => ({ x, y })

/** A cable leaves and enters level. */
export function hanging(from: Point, to: Point): string {
  const reach = (to.x - from.x) * 0.45
  return `M${from.x} ${from.y}C${from.x + reach} ${from.y} ${to.x - reach} ${to.y} ${to.x} ${to.y}`
}

/** 1.5 to 6 pixels: the root, so that a rare request is seen beside a flood. */
function weight(requests: number, busiest: number): number {
  return Math.round((1.5 + 4.5 * Math.sqrt(requests / busiest)) * 10) / 10
}
