import { begin } from '../model/begin.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'
import { through } from '../model/flow.ts'
import { flowOf } from '../model/flow-of.ts'
import type { Caller, CallTarget, ModelAnswer } from '../model/generate.ts'
import { joinChunks } from '../model/join-chunks.ts'
import type { ModelRequest } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import type { Chains } from './chains.ts'
import { answerDirectly, isSearchOnly, plainQuery } from './direct-answer.ts'
import type { EngineView, Search } from './engine.ts'
import { whyOffered } from './offer.ts'
import { createSearchBudget } from './search-budget.ts'
import { answerWithSearches, type LoopOptions, type SearchProgress } from './search-loop.ts'

export interface SearchSettings {
  injectPolicy: 'always' | 'selective'
  maxSearches: number
  replaceClientTool: boolean
  engines: readonly EngineView[]
}

export interface WebSearchOptions {
  /** As the config says at this moment; undefined where it names no engine. */
  settings(): SearchSettings | undefined
  search: Search
  chains: Chains
  /** The client's question to a target: what comes of it counts for the target's health. */
  callTarget: CallTarget
  /** The questions that follow a search: they do not count. */
  askAgain: CallTarget
}

/**
 * Lets the model behind a target search the web, where an engine is there and the conversation asks for it; otherwise
 * the call goes straight through. It never changes where a request goes.
 */
export function withWebSearch(options: WebSearchOptions): CallTarget {
  const { settings, callTarget } = options
  const progress = new WeakMap<ModelRequest, SearchProgress>()

  return (target, request, caller) => {
    const now = settings()
    if (!now || now.maxSearches === 0 || now.engines.length === 0) return callTarget(target, request, caller)
    if (target.dialect.ownSearch || request.traits.helper) return callTarget(target, request, caller)
    return callWithSearch({ ...options, now, progress }, target, request, caller)
  }
}

type Parts = WebSearchOptions & { now: SearchSettings; progress: WeakMap<ModelRequest, SearchProgress> }

async function callWithSearch(
  parts: Parts,
  target: Target,
  request: ModelRequest,
  caller: Caller,
): Promise<ModelAnswer> {
  const { now, search, chains, callTarget, askAgain } = parts
  const conversation = await request.conversation()
  const isGoogleSearch = request.protocol === 'gemini-chat' && isSearchOnly(conversation)
  const query = isGoogleSearch ? plainQuery(conversation) : undefined
  if (query !== undefined) {
    const { signal, note } = caller
    return { first: await answerDirectly({ query, search, searcher: { signal, wire: request.wire }, note }) }
  }
  const { messages, isOpen, found } = chains.restore(conversation.messages)
  const { injectPolicy: policy, replaceClientTool } = now
  const because = whyOffered({ conversation, policy, replaceClientTool, isOpen })
  if (because === undefined) return callTarget(target, request, caller)
  caller.note({ type: 'search-offered', because })
  const loop = {
    target,
    request,
    conversation,
    messages,
    foundBefore: found,
    mustSearch: isGoogleSearch,
    progress: progressOf(parts, request, caller),
    callTarget,
    askAgain,
    chains,
  }
  try {
    return await (request.stream ? asStream(loop, caller) : asWhole({ ...loop, caller }))
  } catch (thrown) {
    const error = GatewayError.from(thrown)
    if (!mayRefuseTools(error, loop)) throw error
    caller.note({ type: 'attempt-failed', target: target.id, attempt: 1, error })
    caller.note({ type: 'dropped', what: 'web_search', because: 'with it the target refused the request' })
    return callTarget(target, request, caller)
  }
}

/** Models that take no tools refuse a request that has one; what we added must not cost its client the answer. */
function mayRefuseTools({ kind }: GatewayError, loop: Omit<LoopOptions, 'caller'>): boolean {
  const { conversation, messages, progress, request, target } = loop
  // what a client asks for in the target's own words may be just what the target can do
  const canAsk = conversation.serverTools.length === 0 || request.protocol === target.protocol
  const isOurs = conversation.tools.length === 0 && canAsk
  const isFirst = progress.turns.length === 0 && messages.length === conversation.messages.length
  return isOurs && isFirst && (kind === 'provider-bad-request' || kind === 'unsupported')
}

/** Searches count by client request, however many targets it takes. */
function progressOf({ now, search, progress }: Parts, request: ModelRequest, caller: Caller): SearchProgress {
  let made = progress.get(request)
  if (!made) {
    const { engines, maxSearches } = now
    const budget = createSearchBudget({ engines, maxSearches, search, note: caller.note })
    made = { budget, turns: [], found: [], usage: undefined }
    progress.set(request, made)
  }
  return made
}

async function asStream(loop: Omit<LoopOptions, 'caller'>, { signal, note }: Caller): Promise<ModelAnswer> {
  const left = new AbortController()
  const caller = { signal: AbortSignal.any([signal, left.signal]), note }
  const { first, rest } = await begin(flowOf(answerWithSearches({ ...loop, caller })), {
    failure: (error) => error,
    ended: () => new GatewayError('stream-broken', `${loop.target.id} ended its answer before it began.`),
  })
  return {
    first,
    rest:
      rest &&
      through(
        rest,
        (sink) => sink,
        () => left.abort(clientGone()),
      ),
  }
}

async function asWhole(loop: LoopOptions): Promise<ModelAnswer> {
  const chunks: StreamChunk[] = []
  for await (const chunk of answerWithSearches(loop)) chunks.push(chunk)
  return { first: joinChunks(chunks) }
}
