import type { Note } from '../model/event.ts'
import type { ToolCallPart, ToolResultPart } from '../model/request.ts'
import type { EngineView, Search, Searcher, SearchQuery, SearchResult } from './engine.ts'
import { readSearchCall } from './tool.ts'
import { failedPart, foundPart } from './tool-result.ts'

/** The searches of one client request, counted. */
export interface SearchBudget {
  /** Searches in all. */
  readonly most: number
  /** Searches that may still be made. */
  left(): number
  /** Engines that may still be asked. */
  engines(): readonly EngineView[]
  /**
   * Runs the calls of one turn at once; those beyond the limit are told so. Each result may be as long as `room`, in
   * characters. Rejects only when the searcher is gone.
   */
  run(calls: readonly ToolCallPart[], room: number, searcher: Searcher): Promise<CallOutcome[]>
}

export interface CallOutcome {
  part: ToolResultPart
  found?: SearchResult
}

export interface BudgetOptions {
  engines: readonly EngineView[]
  maxSearches: number
  search: Search
  note(note: Note): void
}

export function createSearchBudget({ engines, maxSearches, search, note }: BudgetOptions): SearchBudget {
  let made = 0
  const uses = new Map<string, number>()
  const mayAsk = ({ id, maxUses }: EngineView) => (uses.get(id) ?? 0) < (maxUses ?? Number.POSITIVE_INFINITY)
  const usable = () => engines.filter(mayAsk)

  /** The query for an engine that may still be asked; undefined when there is none. */
  function allowed(query: SearchQuery): SearchQuery | undefined {
    const meant =
      engines.find(({ id }) => id === query.engine) ?? engines.find(({ isDefault }) => isDefault) ?? engines[0]
    const asked = meant && mayAsk(meant) ? meant : usable()[0]
    if (!asked) return undefined
    uses.set(asked.id, (uses.get(asked.id) ?? 0) + 1)
    return asked === meant ? query : { ...query, engine: asked.id }
  }

  async function runOne(call: ToolCallPart, room: number, searcher: Searcher): Promise<CallOutcome> {
    const read = readSearchCall(call.args)
    if (typeof read === 'string') return { part: failedPart(call, read) }
    const query = made < maxSearches ? allowed(read) : undefined
    if (!query) return { part: failedPart(call, spent(made)) }
    made += 1
    const outcome = await search(query, searcher)
    note({ type: 'searched', search: outcome.note })
    if ('failed' in outcome) return { part: failedPart(call, outcome.failed) }
    return { part: foundPart(call, outcome.result, room), found: outcome.result }
  }

  return {
    most: maxSearches,
    left: () => (usable().length === 0 ? 0 : Math.max(0, maxSearches - made)),
    engines: usable,
    run: (calls, room, searcher) => Promise.all(calls.map((call) => runOne(call, room, searcher))),
  }
}

const spent = (made: number): string =>
  `This search was not made: the limit of ${made} ${made === 1 ? 'search' : 'searches'} for one request is reached. Answer with what is known.`
