import type { Grounding } from '../model/event.ts'
import type { SearchHit, SearchResult } from './engine.ts'

/** Sources named when the answer itself names none. */
const mostUncited = 10

/**
 * Where an answer's claims come from: the pages whose addresses it names, each supporting the sentence it stands in;
 * when it names none, the first pages that were found.
 */
export function groundingOf(text: string, found: readonly SearchResult[]): Grounding | undefined {
  const pages = pagesOf(found)
  if (pages.length === 0) return undefined
  const byteAt = byteOffsets(text)
  const sources: Grounding['sources'] = []
  const sentences = new Map<string, { start: number; end: number; indexes: Set<number> }>()
  for (const page of pages) {
    const places = placesOf(page.url, text)
    if (places.length === 0) continue
    const index = sources.push(sourceOf(page)) - 1
    for (const place of places) {
      const { start, end } = sentenceAround(text, place, page.url.length)
      const key = `${start} ${end}`
      const sentence = sentences.get(key) ?? { start, end, indexes: new Set() }
      sentences.set(key, sentence)
      sentence.indexes.add(index)
    }
  }
  const supports = [...sentences.values()]
    .sort((one, other) => one.start - other.start)
    .map(({ start, end, indexes }) => ({
      startByte: byteAt(start),
      endByte: byteAt(end),
      text: text.slice(start, end),
      sourceIndexes: [...indexes],
    }))
  const cited = sources.length > 0 ? sources : pages.slice(0, mostUncited).map(sourceOf)
  return { queries: queriesOf(found), sources: cited, supports }
}

export const queriesOf = (found: readonly SearchResult[]): string[] => [...new Set(found.map(({ query }) => query))]

export const sourceOf = ({ url, title }: SearchHit): Grounding['sources'][number] => ({ url, ...(title && { title }) })

/** Each page once, in the order they were found. */
function pagesOf(found: readonly SearchResult[]): SearchHit[] {
  const pages = new Map<string, SearchHit>()
  for (const { hits } of found) for (const hit of hits) if (!pages.has(hit.url)) pages.set(hit.url, hit)
  return [...pages.values()]
}

/** Where an address stands in a text, itself and not a longer one that begins with it. */
function placesOf(url: string, text: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(url); at >= 0; at = text.indexOf(url, at + url.length)) {
    const after = text.slice(at + url.length, at + url.length + 2)
    if (!/^(?:[\w/#%&=~+-]|[.?:][\w/])/.test(after)) places.push(at)
  }
  return places
}

const sentenceEnd = /[.!?](?=\s)|[。！？]|\n/g

function sentenceAround(text: string, at: number, length: number): { start: number; end: number } {
  let start = 0
  let end = text.length
  for (const { index, 0: mark } of text.matchAll(sentenceEnd)) {
    if (index < at) start = index + mark.length
    else if (index >= at + length) {
      end = mark === '\n' ? index : index + mark.length
      break
    }
  }
  while (start < at && /\s/.test(text[start]!)) start++
  return { start, end }
}

/** UTF-8 offsets of places in a text that are asked for in any order. */
function byteOffsets(text: string): (place: number) => number {
  const known = new Map<number, number>([[0, 0]])
  return (place) => {
    let bytes = known.get(place)
    if (bytes === undefined) {
      bytes = Buffer.byteLength(text.slice(0, place))
      known.set(place, bytes)
    }
    return bytes
  }
}
