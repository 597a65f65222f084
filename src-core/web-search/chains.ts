import { createHash } from 'node:crypto'
import { createBoundedStore } from '../model/bounded-store.ts'
import type { Message, ToolCallPart, ToolResultPart } from '../model/request.ts'
import type { SearchResult } from './engine.ts'
import { type AnswerPlace, placeOfAnswer } from './latest-text.ts'

/** What searches brought before and beside calls of the client's own tools. */
export interface Chain {
  /** Turns the client has never seen. */
  before: readonly Message[]
  /** Searches of the same turn as the client's calls, and what came of them. */
  calls: readonly ToolCallPart[]
  results: readonly ToolResultPart[]
  found: readonly SearchResult[]
}

export interface Restored {
  messages: Message[]
  /** The latest calls were made with web_search at hand, and the user's question is still open. */
  isOpen: boolean
  /** Since the user's latest words. */
  found: SearchResult[]
}

/**
 * A client gets its own tools' calls and sends back its history without our searches. So they are kept here until then,
 * in memory, by the ids of those calls and their place: some services count their ids from 0 in every answer.
 */
export interface Chains {
  remember(clientCalls: readonly { id: string }[], messages: readonly Message[], chain: Chain): void
  restore(messages: Message[]): Restored
}

export function createChains({ now }: { now(): number }): Chains {
  const store = createBoundedStore<Chain>({
    maxEntries: 2000,
    maxBytes: 32 * 1024 * 1024,
    ttlMs: 24 * 60 * 60 * 1000,
    now,
  })

  function find(messages: readonly Message[], place: number): Chain | undefined {
    let answer: AnswerPlace | undefined
    for (const part of messages[place]!.parts) {
      if (part.type !== 'tool-call') continue
      answer ??= placeOfAnswer(messages, place)
      const chain = store.get(keyOf(part.id, answer))
      if (chain) return chain
    }
    return undefined
  }

  return {
    remember(clientCalls, messages, chain) {
      const answer = placeOfAnswer(messages, messages.length)
      const bytes = JSON.stringify(chain).length
      for (const { id } of clientCalls) store.set(keyOf(id, answer), chain, bytes)
    },
    restore(messages) {
      const restored: Restored = { messages, isOpen: false, found: [] }
      if (store.isEmpty()) return restored
      restored.messages = []
      let waiting: readonly ToolResultPart[] = []
      for (const [place, message] of messages.entries()) {
        if (message.role === 'assistant') {
          const chain = find(messages, place)
          restored.isOpen = chain !== undefined
          if (chain) {
            restored.messages.push(...chain.before, withCalls(message, chain.calls))
            restored.found.push(...chain.found)
            waiting = chain.results
            continue
          }
        } else if (waiting.length > 0) {
          restored.messages.push({ role: 'user', parts: [...waiting] })
          waiting = []
        }
        if (isNewQuestion(message)) restored.found = []
        restored.messages.push(message)
      }
      if (waiting.length > 0) restored.messages.push({ role: 'user', parts: [...waiting] })
      return restored
    },
  }
}

const isNewQuestion = ({ role, parts }: Message): boolean =>
  role === 'user' && parts.some(({ type }) => type === 'text') && !parts.some(({ type }) => type === 'tool-result')

/** Hashed, so that what users said is not kept. */
function keyOf(id: string, { text, earlier }: AnswerPlace): string {
  return createHash('sha256').update(`${earlier} ${id}\n${text}`).digest('base64')
}

function withCalls(message: Message, calls: readonly ToolCallPart[]): Message {
  const first = message.parts.findIndex((part) => part.type === 'tool-call')
  return { ...message, parts: [...message.parts.slice(0, first), ...calls, ...message.parts.slice(first)] }
}
