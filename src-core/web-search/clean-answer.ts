import type { Json } from '../model/json.ts'
import type { EngineAnswer, SearchHit } from './engine.ts'
import type { Found, FoundPage } from './found.ts'
import { plainText } from './plain-text.ts'

const defaultCount = 10
const mostCount = 50

/** How many hits are wished for, as a figure every service takes. */
export const hitCount = (wished = defaultCount): number => Math.min(Math.max(1, Math.floor(wished)), mostCount)

const longest = { title: 300, snippet: 1500, source: 200, date: 60, url: 2048, summary: 8000 }
/** Of all hits together: a model has to read them. */
const longestHits = 24_000

/** Pages without an address one can follow, or met before, are left out; text is plain and has an end. */
export function cleanAnswer({ summary, pages, usage }: Found, count: number): EngineAnswer {
  const seen = new Set<string>()
  const hits: SearchHit[] = []
  let room = longestHits
  for (const page of pages) {
    if (hits.length === count) break
    const hit = cleanHit(page)
    if (!hit || seen.has(hit.url)) continue
    seen.add(hit.url)
    const size = Object.values(hit).join('').length
    if (size > room) break
    room -= size
    hits.push(hit)
  }
  return { summary: textOf(summary, longest.summary) ?? '', hits, ...(usage && { usage }) }
}

function cleanHit(page: FoundPage): SearchHit | undefined {
  const url = safeUrl(page.url)
  if (url === undefined) return undefined
  const source = textOf(page.source, longest.source)
  const date = textOf(page.date, longest.date)
  return {
    title: textOf(page.title, longest.title) ?? new URL(url).host,
    url,
    snippet: textOf(page.snippet, longest.snippet) ?? '',
    ...(source !== undefined && { source }),
    ...(date !== undefined && { date }),
  }
}

function safeUrl(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || value.length > longest.url || !URL.canParse(value)) return undefined
  const url = new URL(value)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && url.username === '' && url.password === '' ? url.href : undefined
}

function textOf(value: Json | undefined, most: number): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? plainText(String(value), most) : ''
  return text === '' ? undefined : text
}
