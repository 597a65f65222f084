import { type Estimate, estimateBySize } from '../model/estimate.ts'
import type { Conversation, ModelRequest, Part } from '../model/request.ts'
import { estimateBody, tokensPerMedia } from './body-tokens.ts'
import { estimateText } from './text-tokens.ts'

/** What a chat format adds around each message. */
const tokensPerMessage = 4

/** Input tokens of a request, at once and without decoding it. For routing, not for billing. */
export function estimateTokens(request: ModelRequest): Estimate {
  const tokens = estimateBody(request.wire.body)
  const { parts } = estimateBySize(request)
  return { tokens, exact: 0, parts: { ...parts, history: tokens - parts.system - parts.tools } }
}

/** Input tokens of a decoded conversation: what `countTokens` answers for backends that cannot count. */
export function estimateConversation({ system, messages, tools, serverTools }: Conversation): number {
  let tokens = system.reduce((sum, part) => sum + partTokens(part), 0)
  for (const { parts } of messages) {
    tokens += tokensPerMessage
    for (const part of parts) tokens += partTokens(part)
  }
  for (const { name, description, parameters } of tools) tokens += jsonTokens({ name, description, parameters })
  for (const { options } of serverTools) tokens += jsonTokens(options ?? {})
  return Math.ceil(tokens)
}

function partTokens(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return estimateText(part.text)
    case 'media':
      return tokensPerMedia
    case 'tool-call':
      return estimateText(part.name) + jsonTokens(part.args)
    case 'tool-result':
      return (
        estimateText(part.name) +
        (typeof part.value === 'string' ? estimateText(part.value) : jsonTokens(part.value)) +
        (part.media?.length ?? 0) * tokensPerMedia
      )
    case 'opaque':
      return part.text === undefined ? jsonTokens(part.value) : estimateText(part.text)
  }
}

function jsonTokens(value: unknown): number {
  return estimateText(JSON.stringify(value) ?? '')
}
