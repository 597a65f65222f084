import type { AnswerOf } from '../../../src-core/control/contract.ts'

type UsageRow = AnswerOf<'getUsage'>['rows'][number]

export const hourMs = 3_600_000
export const hoursShown = 24

export interface Hour {
  /** Its start, since the epoch. */
  at: number
  requests: number
  errors: number
}

/** The last hours, oldest first, without a request in them. */
export function emptyHours(now: number): Hour[] {
  const first = Math.floor(now / hourMs) - hoursShown + 1
  return Array.from({ length: hoursShown }, (_, index) => ({ at: (first + index) * hourMs, requests: 0, errors: 0 }))
}

/** The last hours of each target that was asked in them. */
export function hoursByTarget(rows: readonly UsageRow[], now: number): Map<string, Hour[]> {
  const strips = new Map<string, Hour[]>()
  for (const { target, hour, requests, errors } of rows) {
    if (target === undefined || hour === undefined) continue
    const strip = strips.get(target) ?? emptyHours(now)
    strips.set(target, strip)
    const place = strip.find(({ at }) => at === hour)
    if (!place) continue
    place.requests += requests
    place.errors += errors
  }
  return strips
}
