import type { Piece } from '../codecs/countable.ts'
import type { ByteRange } from '../model/request.ts'
import type { CountedSections } from './counted-sections.ts'
import { sampledTokens } from './sampled-tokens.ts'
import { contentOf, type Section, type SectionCount, type SectionKind } from './section.ts'

/** A section nobody has counted yet. */
export interface Unknown extends Section {
  key: string
}

/** One walk over a request's sections: what is known of them, and a sample of the rest. */
export interface Survey {
  /** `budget`: how many bytes of what is not known are sampled. */
  tokensOf(ranges: readonly ByteRange[], kind: SectionKind, budget: number): SectionCount
  /** What came up so far that could be counted. */
  readonly unknown: readonly Unknown[]
  /** Of all bytes so far, those whose tokens are known. */
  exactShare(): number
}

/** Larger sections hold media, or text that is sampled well; telling them apart again would take too long. */
const largestKnown = 1024 * 1024
/** How many bytes and sections of one request are told apart by their content: the oldest, which stay the same. */
const mostKnownBytes = 4 * 1024 * 1024
const mostKnownSections = 4000
/** How many unknown sections are looked into; of more, every so many-th stands for the others. */
const mostLookedInto = 2000

export function createSurvey(body: Buffer, counted: CountedSections): Survey {
  const unknown: Unknown[] = []
  let bytes = 0
  let exactBytes = 0
  let hashedBytes = 0
  let hashedSections = 0

  function known({ start, end }: ByteRange, kind: SectionKind): SectionCount | undefined {
    const size = end - start
    if (size > largestKnown || hashedBytes + size > mostKnownBytes || hashedSections === mostKnownSections) {
      return undefined
    }
    hashedBytes += size
    hashedSections++
    const key = counted.key(body, { start, end, kind })
    const count = counted.get(key)
    if (count) exactBytes += size
    else unknown.push({ start, end, kind, key })
    return count
  }

  function sampled(ranges: readonly ByteRange[], kind: SectionKind, budget: number): SectionCount {
    const step = Math.max(1, ranges.length / mostLookedInto)
    const pieces: Piece[] = []
    let media = 0
    for (let index = 0; index < ranges.length; index += step) {
      const content = contentOf(body, { ...ranges[Math.floor(index)]!, kind })
      for (const piece of content.pieces) pieces.push(piece)
      media += content.media
    }
    return { text: Math.round(sampledTokens(body, pieces, budget) * step), media: Math.round(media * step) }
  }

  return {
    unknown,
    tokensOf(ranges, kind, budget) {
      const unseen: ByteRange[] = []
      const total: SectionCount = { text: 0, media: 0 }
      const add = ({ text, media }: SectionCount): void => {
        total.text += text
        total.media += media
      }
      for (const range of ranges) {
        bytes += range.end - range.start
        const count = known(range, kind)
        if (count) add(count)
        else unseen.push(range)
      }
      add(sampled(unseen, kind, budget))
      return total
    },
    exactShare: () => (bytes === 0 ? 0 : exactBytes / bytes),
  }
}
