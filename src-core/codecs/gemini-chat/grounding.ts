import type { Grounding } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** Candidate members that say where an answer comes from. */
const sourceMembers = ['groundingMetadata', 'urlContextMetadata', 'citationMetadata'] as const

export interface GroundingCollector {
  add(candidate: JsonObject): void
  /** All that came, as one; undefined when nothing did. */
  collected(): Grounding | undefined
}

function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Grounding may come in any chunk and more than once, repeated or in pieces. */
export function createGroundingCollector(): GroundingCollector {
  const queries = new Set<string>()
  const sources: Grounding['sources'] = []
  const places = new Map<string, number>()
  const supports = new Map<string, Grounding['supports'][number]>()
  const raw: JsonObject = {}
  let pieces = 0

  const sourceIndex = (chunk: JsonObject): number => {
    const web = [chunk.web, chunk.retrievedContext, chunk.maps].find(isObject)
    const url = text(web?.uri) ?? ''
    const title = text(web?.title)
    const key = JSON.stringify([url, title])
    let place = places.get(key)
    if (place === undefined) {
      place = sources.push({ url, ...(title === undefined ? {} : { title }) }) - 1
      places.set(key, place)
    }
    return place
  }

  const addSupport = (support: JsonObject, indexes: number[]) => {
    const segment = isObject(support.segment) ? support.segment : {}
    const number = (value: Json | undefined) => (typeof value === 'number' ? value : 0)
    const chunkIndexes = Array.isArray(support.groundingChunkIndices) ? support.groundingChunkIndices : []
    const words = text(segment.text)
    const found: Grounding['supports'][number] = {
      startByte: number(segment.startIndex),
      endByte: number(segment.endIndex),
      ...(words === undefined ? {} : { text: words }),
      sourceIndexes: chunkIndexes.flatMap((index) => indexes[Number(index)] ?? []),
      ...(typeof segment.partIndex === 'number' ? { partIndex: segment.partIndex } : {}),
    }
    supports.set(JSON.stringify([found.startByte, found.endByte, found.partIndex, found.sourceIndexes]), found)
  }

  return {
    add(candidate) {
      for (const name of sourceMembers) if (isObject(candidate[name])) raw[name] = candidate[name]
      const metadata = candidate.groundingMetadata
      if (!isObject(metadata)) return
      pieces++
      if (Array.isArray(metadata.webSearchQueries))
        for (const query of metadata.webSearchQueries) if (typeof query === 'string') queries.add(query)
      const indexes = list(metadata.groundingChunks).map(sourceIndex)
      for (const support of list(metadata.groundingSupports)) addSupport(support, indexes)
    },
    collected() {
      if (Object.keys(raw).length === 0) return undefined
      const merged = { queries: [...queries], sources, supports: [...supports.values()] }
      // Of metadata that came in pieces no single one is the whole.
      if (pieces < 2) return { ...merged, raw }
      const last = isObject(raw.groundingMetadata) ? raw.groundingMetadata : {}
      return { ...merged, raw: { ...raw, groundingMetadata: { ...last, ...metadataOf(merged) } } }
    },
  }
}

function metadataOf({ queries, sources, supports }: Grounding): JsonObject {
  return {
    ...(queries.length > 0 ? { webSearchQueries: queries } : {}),
    groundingChunks: sources.map(({ url, title }) => ({
      web: { uri: url, ...(title === undefined ? {} : { title }) },
    })),
    groundingSupports: supports.map(({ startByte, endByte, text, sourceIndexes, partIndex }) => ({
      segment: {
        ...(partIndex === undefined ? {} : { partIndex }),
        startIndex: startByte,
        endIndex: endByte,
        ...(text === undefined ? {} : { text }),
      },
      groundingChunkIndices: sourceIndexes,
    })),
  }
}

/** The candidate members that carry grounding to a Gemini client. */
export function encodeGrounding(grounding: Grounding): JsonObject {
  const { raw } = grounding
  if (raw && sourceMembers.some((name) => isObject(raw[name]))) return raw
  return { groundingMetadata: metadataOf(grounding) }
}
