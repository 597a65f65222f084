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
  const cited: SearchHit[] = []
  const claims = sentencesOf(text).map((sentence): Claim => ({ sentence, sourceIndexes: [] }))
  for (const page of pages) {
    const places = placesOf(page.url, text)
    if (places.length === 0) continue
    const index = cited.push(page) - 1
    for (const { sentence, sourceIndexes } of claims)
      if (places.some((place) => place >= sentence.start && place < sentence.end)) sourceIndexes.push(index)
  }
  const sources = cited.length > 0 ? cited : pages.slice(0, mostUncited)
  return { queries: queriesOf(found), sources: sources.map(sourceOf), supports: supportsOf(text, claims) }
}

/** Part of a text, as places in it. */
export interface Sentence {
  start: number
  end: number
}

export interface Claim {
  sentence: Sentence
  sourceIndexes: number[]
}

/** Those that rest on a source, in the order of the text, counted in bytes. */
export function supportsOf(text: string, claims: readonly Claim[]): Grounding['supports'] {
  let counted = 0
  let bytes = 0
  const byteAt = (place: number): number => {
    bytes += Buffer.byteLength(text.slice(counted, place))
    counted = place
    return bytes
  }
  return claims
    .filter(({ sourceIndexes }) => sourceIndexes.length > 0)
    .map(({ sentence: { start, end }, sourceIndexes }) => ({
      startByte: byteAt(start),
      endByte: byteAt(end),
      text: text.slice(start, end),
      sourceIndexes,
    }))
}

const sentenceEnd = /[.!?]+(?=\s)|[。！？]|\n/g

/** A text's sentences and lines, without the white space around them. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = []
  let start = 0
  const add = (end: number) => {
    const words = text.slice(start, end)
    const from = start + words.length - words.trimStart().length
    if (words.trim() !== '') sentences.push({ start: from, end: from + words.trim().length })
    start = end
  }
  for (const { index, 0: mark } of text.matchAll(sentenceEnd)) add(index + mark.length)
  add(text.length)
  return sentences
}

const queriesOf = (found: readonly SearchResult[]): string[] => [...new Set(found.map(({ query }) => query))]

const sourceOf = ({ url, title }: SearchHit): Grounding['sources'][number] => ({ url, ...(title && { title }) })

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
