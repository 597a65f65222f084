import type { OwnSearch } from '../../config/service-profile-schema.ts'
import type { SearchServiceName } from '../../config/web-search-schema.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Searcher, SearchQuery } from '../engine.ts'
import type { Found } from '../found.ts'
import type { Road } from '../road.ts'
import { braveEngine } from './brave.ts'
import { chatEngine } from './chat.ts'
import { geminiEngine } from './gemini.ts'
import { glmEngine } from './glm.ts'
import { searxngEngine } from './searxng.ts'
import { tavilyEngine } from './tavily.ts'

/** A query with every wish filled in. */
export type AskedQuery = Required<Omit<SearchQuery, 'engine'>>

/** Asks a service, and says what it found without judging it. Rejects with a GatewayError. */
export type AskEngine = (query: AskedQuery, searcher: Searcher) => Promise<Found>

export type EngineKind = OwnSearch['engine'] | SearchServiceName

/** `options`: what goes to the service with each search. */
export const engines: Record<EngineKind, (road: Road, options: JsonObject) => AskEngine> = {
  gemini: geminiEngine,
  glm: glmEngine,
  chat: chatEngine,
  brave: braveEngine,
  tavily: tavilyEngine,
  searxng: searxngEngine,
}
