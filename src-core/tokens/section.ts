import { type Countable, countableJson, countableOf } from '../codecs/countable.ts'
import type { ByteRange } from '../model/request.ts'

/** A message or a piece of the system prompt reads as its texts, a declaration of tools as the JSON it is. */
export type SectionKind = 'message' | 'tools'

export interface Section extends ByteRange {
  kind: SectionKind
}

/** What one section costs. */
export interface SectionCount {
  /** Tokens of its texts and its JSON. */
  text: number
  media: number
}

export function contentOf(body: Buffer, section: Section): Countable {
  return section.kind === 'tools' ? countableJson(section) : countableOf(body, section)
}
