import type { EngineState, SearchOutcome, SearchQuery } from '../web-search/engine.ts'
import type { Handlers } from './contract.ts'
import { badInput } from './control-error.ts'

type SearchCalls = Pick<Handlers, 'listEngines' | 'testSearch'>

export interface SearchParts {
  engines(): EngineState[]
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchOutcome>
}

export function searchCalls({ engines, search }: SearchParts): SearchCalls {
  return {
    listEngines: () => ({ engines: engines() }),
    testSearch(query, signal) {
      const ids = engines().map(({ id }) => id)
      if (query.engine !== undefined && !ids.includes(query.engine)) {
        const known = ids.length === 0 ? 'there are none' : `there are: ${ids.join(', ')}`
        throw badInput('engine', `There is no search engine ${query.engine}; ${known}.`)
      }
      return search(query, signal)
    },
  }
}
