import type { Picture } from './png.ts'
import type { IconState } from './tray-view.ts'

type Colour = readonly [red: number, green: number, blue: number]

/** Drawn on a square from -1 to 1; true where there is ink. */
type Shape = (x: number, y: number) => boolean

const ring: Shape = (x, y) => within(Math.hypot(x, y), 0.66, 0.92)
const plug: Shape = (x, y) => Math.hypot(x, y) < 0.4
/** What stands in the lower right corner has a gap around it. */
const corner = (x: number, y: number): number => Math.hypot(x - 0.6, y - 0.6)
const notch: Shape = (x, y) => corner(x, y) > 0.52
const dot: Shape = (x, y) => corner(x, y) < 0.36
const triangle: Shape = (x, y) => within(y, 0.12, 1) && Math.abs(x - 0.5) < (y - 0.1) * 0.55
const aroundTriangle: Shape = (x, y) => !(y > -0.1 && Math.abs(x - 0.5) < (y + 0.2) * 0.6)

const within = (value: number, from: number, to: number): boolean => value >= from && value <= to

interface Drawing {
  jack: Shape
  /** What is added, in a colour of its own where the system allows colours. */
  sign?: { shape: Shape; colour: Colour }
}

const amber: Colour = [217, 142, 4]
const red: Colour = [214, 69, 32]

/** A jack from the front. Told apart by shape: plugged, plugged with a notch, with a triangle, an empty ring. */
const drawings: Record<IconState, Drawing> = {
  running: { jack: (x, y) => ring(x, y) || plug(x, y) },
  degraded: { jack: (x, y) => (ring(x, y) || plug(x, y)) && notch(x, y), sign: { shape: dot, colour: amber } },
  'no-backend': {
    jack: (x, y) => (ring(x, y) || plug(x, y)) && aroundTriangle(x, y),
    sign: { shape: triangle, colour: red },
  },
  paused: { jack: ring },
}

/** Points looked at in each pixel, along each side: the edges become smooth. */
const samples = 4

/** `ink` is the colour of the jack. A template image is one colour: the system paints it. */
export function trayIcon(
  state: IconState,
  { size, ink, template }: { size: number; ink: Colour; template: boolean },
): Picture {
  const { jack, sign } = drawings[state]
  const rgba = new Uint8Array(size * size * 4)
  for (let index = 0; index < size * size; index += 1) {
    const inkShare = share(jack, index % size, Math.floor(index / size), size)
    const signShare = sign ? share(sign.shape, index % size, Math.floor(index / size), size) : 0
    const colour = sign && !template && signShare > inkShare ? sign.colour : ink
    rgba.set([...colour, Math.round(Math.max(inkShare, signShare) * 255)], index * 4)
  }
  return { size, rgba }
}

function share(shape: Shape, column: number, row: number, size: number): number {
  let hits = 0
  for (let sample = 0; sample < samples * samples; sample += 1) {
    const x = ((column + ((sample % samples) + 0.5) / samples) / size) * 2 - 1
    const y = ((row + (Math.floor(sample / samples) + 0.5) / samples) / size) * 2 - 1
    if (shape(x, y)) hits += 1
  }
  return hits / (samples * samples)
}
