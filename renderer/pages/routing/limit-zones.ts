/** Where a request of some size lands in a model's window. */
export type Zone = 'safe' | 'risky' | 'overflow'

export interface LimitZones {
  /** In tokens: from here on a target is risky. */
  warnAt: number
  limit: number
  /** In tokens: what the whole bar stands for, so that bars of several models can be compared. */
  scale: number
}

/** A bar shows the overflow beyond the window as well, a tenth of the scale at least. */
export function limitZones(limit: number, warnRatio: number, largest: number): LimitZones {
  return { warnAt: Math.round(limit * warnRatio), limit, scale: Math.max(limit, largest) * 1.1 }
}

export function zoneOf(tokens: number, { warnAt, limit }: LimitZones): Zone {
  return tokens > limit ? 'overflow' : tokens >= warnAt ? 'risky' : 'safe'
}

/**
 * Where a number of tokens stands in the bar, 0 to 1. By its square root: windows differ by a factor of a hundred, and
 * a small one must still have room for its zones.
 */
export function placeOf(tokens: number, { scale }: Pick<LimitZones, 'scale'>): number {
  return Math.sqrt(Math.min(1, Math.max(0, tokens / scale)))
}

/** The other way round, for a line that is dragged. */
export function tokensAt(place: number, { scale }: Pick<LimitZones, 'scale'>): number {
  return Math.round(Math.min(1, Math.max(0, place)) ** 2 * scale)
}

/** The ratio a dragged warn line means, in whole hundredths and within what the config takes. */
export function ratioAt(place: number, zones: LimitZones): number {
  const ratio = Math.round((tokensAt(place, zones) / zones.limit) * 100) / 100
  return Math.min(0.99, Math.max(0.1, ratio))
}
