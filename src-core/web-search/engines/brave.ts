import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Recency } from '../engine.ts'
import type { FoundPage } from '../found.ts'
import type { Road } from '../road.ts'
import { addressWith } from './address-with.ts'
import type { AskEngine } from './index.ts'

const freshness: Record<Recency, string | undefined> = {
  oneDay: 'pd',
  oneWeek: 'pw',
  oneMonth: 'pm',
  oneYear: 'py',
  noLimit: undefined,
}
const mostHits = 20
const longestQuery = 400
const mostWords = 50

/** Brave Search: its list of web pages. */
export function braveEngine({ baseUrl, json }: Road, options: JsonObject): AskEngine {
  return async ({ query, recency, count }, searcher) => {
    const q = query.split(/\s+/).slice(0, mostWords).join(' ').slice(0, longestQuery)
    const parameters = { q, count: Math.min(count, mostHits), freshness: freshness[recency], ...options }
    const answer = await json({ method: 'GET', path: addressWith(`${baseUrl}/web/search`, parameters) }, searcher)
    const results = isObject(answer.web) ? answer.web.results : undefined
    return { pages: (Array.isArray(results) ? results : []).filter(isObject).map(page) }
  }
}

function page({ title, url, description, extra_snippets, age, page_age, meta_url, profile }: JsonObject): FoundPage {
  const more = Array.isArray(extra_snippets) ? extra_snippets : []
  const snippet = [description, ...more].filter((text) => typeof text === 'string').join(' ')
  return { title, url, snippet, source: nameIn(profile, 'name') ?? nameIn(meta_url, 'hostname'), date: page_age ?? age }
}

const nameIn = (value: Json | undefined, key: string): Json | undefined => (isObject(value) ? value[key] : undefined)
