import { GatewayError } from '../model/error.ts'
import type { StreamChunk, StreamEvent, Usage } from '../model/event.ts'
import type { Caller, CallTarget } from '../model/generate.ts'
import { pulled } from '../model/pulled.ts'
import type { Conversation, Message, ModelRequest } from '../model/request.ts'
import { sumUsage } from '../model/sum-usage.ts'
import type { Target } from '../model/target.ts'
import type { Chains } from './chains.ts'
import type { SearchResult } from './engine.ts'
import { groundingOf } from './grounding.ts'
import { createModelTurn, type ModelTurn, type Told } from './model-turn.ts'
import type { SearchBudget } from './search-budget.ts'
import { withTool } from './with-tool.ts'

/** What has come of one client request so far. It outlives a target that fails: the next one goes on from here. */
export interface SearchProgress {
  budget: SearchBudget
  /** Turns since the client's request: the model's calls and what was found. */
  turns: Message[]
  found: SearchResult[]
  usage: Usage | undefined
}

export interface LoopOptions {
  target: Target
  request: ModelRequest
  caller: Caller
  /** As the client sent it. */
  conversation: Conversation
  /** Its messages, with what earlier searches brought. */
  messages: Message[]
  /** What those brought since the user's latest words. */
  foundBefore: SearchResult[]
  /** The model has no choice but to search. */
  mustSearch: boolean
  progress: SearchProgress
  /** The client's question: what comes of it counts for the target's health. */
  callTarget: CallTarget
  /** The questions after it, which do not count. */
  askAgain: CallTarget
  chains: Chains
}

/** Turns beyond one for each search, for a model that does not hear that there are no more. */
const mostDeafTurns = 2

/**
 * Asks the target, runs the searches it calls for, and asks it again, until it answers without any. What is yielded
 * reads as one answer: one start, one end, the usage of all turns.
 */
export async function* answerWithSearches(options: LoopOptions): AsyncGenerator<StreamChunk> {
  const { target, request, caller, progress } = options
  const { budget } = progress
  const told: Told = { started: false, text: '', spoke: false }

  for (let earlier = 0; ; earlier++) {
    const turn = createModelTurn(told)
    const asked = withTool(options)
    const answer = earlier === 0 ? options.callTarget(target, asked, caller) : again(options, asked)
    yield* read(answer, turn)
    progress.usage = sumUsage(progress.usage, turn.usage())
    if (turn.searches.length === 0) return yield { events: lastEvents(options, turn, told) }

    if (earlier >= budget.most + mostDeafTurns) throw deaf(target)
    const outcomes = await budget.run(turn.searches, roomIn(target), { signal: caller.signal, wire: request.wire })
    const results = outcomes.map(({ part }) => part)
    progress.found.push(...outcomes.flatMap(({ found }) => found ?? []))
    if (turn.clientCalls.length > 0) {
      remember(options, turn, { calls: turn.searches, results })
      return yield { events: ending(turn, progress) }
    }
    progress.turns.push(turn.message(), { role: 'user', parts: results })
  }
}

async function* read(answer: ReturnType<CallTarget>, turn: ModelTurn): AsyncGenerator<StreamChunk> {
  const { first, rest } = await answer
  yield* visible(first, turn)
  if (rest) for await (const chunk of pulled(rest)) yield* visible(chunk, turn)
}

function* visible({ events }: StreamChunk, turn: ModelTurn): Generator<StreamChunk> {
  const told = turn.take(events)
  if (told.length > 0) yield { events: told }
}

/** Attempts are the client's question alone; what is lost on the way to the target was told the first time. */
const again = ({ askAgain, target, caller }: LoopOptions, asked: ModelRequest): ReturnType<CallTarget> =>
  askAgain(target, asked, { signal: caller.signal, note: () => {} })

/** Characters of one result: a sixteenth of the window in tokens, so that a few searches leave room for the rest. */
const roomIn = ({ maxContextTokens }: Target): number => Math.round(maxContextTokens / 4)

function lastEvents(options: LoopOptions, turn: ModelTurn, told: Told): StreamEvent[] {
  const { progress, target } = options
  if (turn.clientCalls.length > 0) {
    remember(options, turn, { calls: [], results: [] })
    return ending(turn, progress)
  }
  if (!told.spoke && progress.turns.length > 0 && turn.end()?.reason.unified === 'stop') throw silent(target)
  const grounding = groundingOf(told.text, [...options.foundBefore, ...progress.found])
  return [...(grounding ? [{ type: 'grounding' as const, grounding }] : []), ...ending(turn, progress)]
}

function ending(turn: ModelTurn, { usage }: SearchProgress): StreamEvent[] {
  const end = turn.end()
  return [
    ...(usage ? [{ type: 'usage' as const, usage }] : []),
    ...(end ? [{ type: 'response-end' as const, ...end }] : []),
  ]
}

function remember(
  { chains, conversation, progress }: LoopOptions,
  turn: ModelTurn,
  beside: Pick<Parameters<Chains['remember']>[2], 'calls' | 'results'>,
): void {
  const chain = { before: progress.turns, found: progress.found, ...beside }
  chains.remember(turn.clientCalls, conversation.messages, chain)
}

const deaf = ({ id }: Target): GatewayError =>
  new GatewayError(
    'provider-error',
    `${id} kept asking for web searches after their limit instead of answering. Raise webSearch.maxSearches, or use another model.`,
    { target: id },
  )

const silent = ({ id }: Target): GatewayError =>
  new GatewayError('provider-error', `${id} said nothing after its web search. Try again.`, { target: id })
