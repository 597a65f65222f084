import type { Grounding } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { numberOf, objectOf, wordOf } from './wire.ts'

/**
 * `url_citation` annotations of an answer's text as grounding. Annotations count characters (code points) of the
 * whole text, grounding counts UTF-8 bytes.
 */
export function decodeCitations(annotations: readonly Json[], text: string): Grounding | undefined {
  if (annotations.length === 0) return undefined
  const sources: Grounding['sources'] = []
  const indexes = new Map<string, number>()
  const supports: Grounding['supports'] = []
  const byteAt = byteOffsets(text)
  for (const annotation of annotations) {
    if (!isObject(annotation) || annotation.type !== 'url_citation') continue
    const citation = objectOf(annotation.url_citation) ?? annotation
    const url = wordOf(citation.url)
    if (!url) continue
    let index = indexes.get(url)
    if (index === undefined) {
      index = sources.length
      indexes.set(url, index)
      const title = wordOf(citation.title)
      sources.push({ url, ...(title && { title }) })
    }
    const startByte = byteAt(numberOf(citation.start_index))
    const endByte = byteAt(numberOf(citation.end_index))
    if (endByte > startByte) supports.push({ startByte, endByte, sourceIndexes: [index] })
  }
  return sources.length > 0 ? { queries: [], sources, supports } : undefined
}

/** GLM's list of hits, beside the answer. */
export function decodeHits(hits: readonly Json[]): Grounding | undefined {
  const sources = hits.flatMap((hit) => {
    const url = wordOf(objectOf(hit)?.link) ?? wordOf(objectOf(hit)?.url)
    const title = wordOf(objectOf(hit)?.title)
    return url ? [{ url, ...(title && { title }) }] : []
  })
  return sources.length > 0 ? { queries: [], sources, supports: [] } : undefined
}

/** One annotation for each source of each claim; sources nothing points at stand at the end of the text. */
export function encodeCitations(groundings: readonly Grounding[], text: string): JsonObject[] {
  if (groundings.length === 0) return []
  const bytes = Buffer.from(text)
  const characterAt = characterOffsets(bytes)
  const annotations: JsonObject[] = []
  for (const { sources, supports } of groundings) {
    const cited = new Set<number>()
    for (const support of supports) {
      const [start, end] = locate(support, bytes)
      for (const index of support.sourceIndexes) {
        const source = sources[index]
        if (!source) continue
        cited.add(index)
        annotations.push(annotation(source, characterAt(start), characterAt(end)))
      }
    }
    const last = characterAt(bytes.length)
    for (const [index, source] of sources.entries())
      if (!cited.has(index)) annotations.push(annotation(source, last, last))
  }
  return annotations
}

function annotation(source: { url: string; title?: string }, start: number, end: number): JsonObject {
  const citation = { start_index: start, end_index: end, title: source.title ?? '', url: source.url }
  return { type: 'url_citation', url_citation: citation }
}

/** Offsets count from the start of one part; where earlier parts came before it, its words tell where it is. */
function locate(support: Grounding['supports'][number], bytes: Buffer): [number, number] {
  const { startByte, endByte, text } = support
  const isThere = !text || bytes.subarray(startByte, endByte).equals(Buffer.from(text))
  const found = isThere || !text ? -1 : bytes.indexOf(text)
  return found < 0 ? [startByte, endByte] : [found, found + Buffer.byteLength(text!)]
}

function byteOffsets(text: string): (character: number | undefined) => number {
  const offsets: number[] = []
  let at = 0
  for (const character of text) {
    offsets.push(at)
    at += Buffer.byteLength(character)
  }
  return (character) => (character === undefined || character < 0 ? 0 : (offsets[Math.floor(character)] ?? at))
}

function characterOffsets(bytes: Buffer): (byte: number) => number {
  const counts = new Uint32Array(bytes.length + 1)
  for (let at = 0; at < bytes.length; at++) {
    const isContinuation = (bytes[at]! & 0xc0) === 0x80
    counts[at + 1] = counts[at]! + (isContinuation ? 0 : 1)
  }
  return (byte) => counts[Math.min(Math.max(0, Math.floor(byte)), bytes.length)]!
}
