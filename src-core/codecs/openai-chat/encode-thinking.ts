import type { JsonObject } from '../../model/json.ts'
import type { Effort, Thinking } from '../../model/request.ts'
import type { Dialect } from '../../model/target.ts'

/** How much to think, in this service's words. Nothing when the client did not say. */
export function encodeThinking(thinking: Thinking | undefined, dialect: Dialect['thinking']): JsonObject {
  const effort = thinking && effortOf(thinking)
  // -1 asks for thinking and leaves the amount to the model.
  const isAsked = effort !== undefined || thinking?.budgetTokens !== undefined
  if (!isAsked) return {}
  switch (dialect) {
    case 'reasoning_effort':
      return effort === undefined ? {} : { reasoning_effort: effort }
    case 'thinking_type':
      return { thinking: { type: effort === 'none' ? 'disabled' : 'enabled' } }
    case 'enable_thinking':
      return { enable_thinking: effort !== 'none' }
    case 'none':
      return {}
  }
}

function effortOf({ effort, budgetTokens }: Thinking): Effort | undefined {
  if (effort) return effort
  if (budgetTokens === undefined || budgetTokens < 0) return undefined
  if (budgetTokens === 0) return 'none'
  if (budgetTokens <= 512) return 'minimal'
  if (budgetTokens <= 1024) return 'low'
  if (budgetTokens <= 8192) return 'medium'
  return budgetTokens <= 24_576 ? 'high' : 'xhigh'
}
