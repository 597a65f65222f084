import type { Conversation } from '../model/request.ts'
import { asksForTheWeb } from './intent.ts'
import { newText } from './latest-text.ts'
import { isSearchTool } from './tool.ts'

export interface OfferInput {
  conversation: Conversation
  policy: 'always' | 'selective'
  /** A web_search the client brings itself gives way to ours. */
  replaceClientTool: boolean
  /** The model had the tool earlier in this turn of the user's, which is not answered yet. */
  isOpen: boolean
}

/**
 * Why a model is given web_search; undefined when it is not. Only what is new in the conversation speaks for it: what
 * the user said before the model's last turn never does again.
 */
export function whyOffered({ conversation, policy, replaceClientTool, isOpen }: OfferInput): string | undefined {
  const { tools, serverTools, toolChoice, generation } = conversation
  // whoever forbids calls or forces some means tools of their own, and of several answers none is the conversation's
  if (toolChoice?.type === 'none' || toolChoice?.type === 'required') return undefined
  if ((generation.candidates ?? 1) > 1) return undefined
  if (!replaceClientTool && tools.some(({ name }) => isSearchTool(name))) return undefined
  if (serverTools.some(({ type }) => type === 'web-search')) return 'the request asks for web search'
  if (isOpen || calledInThisTurn(conversation)) return 'the model has it in this turn already'
  if (policy === 'always') return 'the policy is always'
  return asksForTheWeb(newText(conversation.messages)) ? 'the user asks for the web' : undefined
}

/** A client may keep our calls in its history. */
function calledInThisTurn({ messages }: Conversation): boolean {
  const lastAsked = messages.findLastIndex(
    ({ role, parts }) => role === 'user' && parts.some((part) => part.type === 'text'),
  )
  return messages
    .slice(lastAsked + 1)
    .some(({ parts }) => parts.some((part) => part.type === 'tool-call' && isSearchTool(part.name)))
}
