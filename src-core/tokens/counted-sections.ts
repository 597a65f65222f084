import crypto from 'node:crypto'
import type { Section, SectionCount } from './section.ts'

/** What was counted stays known, so a conversation that grows pays only for what is new. */
export interface CountedSections {
  key(body: Buffer, section: Section): string
  get(key: string): SectionCount | undefined
  set(key: string, count: SectionCount): void
  readonly size: number
}

/** Some 200 bytes each. */
const mostSections = 20_000

/** By content: the same message counts once, whichever conversation it stands in. The longest unused go first. */
export function createCountedSections(capacity = mostSections): CountedSections {
  const counts = new Map<string, SectionCount>()
  return {
    key: (body, { start, end, kind }) =>
      `${kind} ${end - start} ${crypto.hash('sha1', body.subarray(start, end), 'base64')}`,
    get(key) {
      const count = counts.get(key)
      if (count) {
        counts.delete(key)
        counts.set(key, count)
      }
      return count
    },
    set(key, count) {
      counts.delete(key)
      counts.set(key, count)
      if (counts.size > capacity) counts.delete(counts.keys().next().value!)
    },
    get size() {
      return counts.size
    },
  }
}
