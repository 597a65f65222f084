import type { Target } from '../model/target.ts'

export interface ContextVerdict {
  tier: 'safe' | 'risky' | 'overflow' | 'unknown'
  /** Needed ÷ limit; undefined when either is unknown. */
  ratio: number | undefined
  /** Input plus the output the client wishes for, in tokens. */
  needed: number
  limit: number
}

export interface ContextNeed {
  /** Estimated input; 0 when nothing is known. */
  inputTokens: number
  wishedOutputTokens: number
  warnRatio: number
}

/** How a request fits a target's window. `correction`: how this model's own counts compare with estimates. */
export function adviseContext(need: ContextNeed, target: Target, correction = 1): ContextVerdict {
  const limit = target.maxContextTokens
  // No service gives more than it can, so a larger wish does not count against its window.
  const output = Math.min(need.wishedOutputTokens, target.maxOutputTokens ?? need.wishedOutputTokens)
  const needed = Math.round(need.inputTokens * correction) + output
  if (!(need.inputTokens > 0) || !(limit > 0) || limit === Infinity) {
    return { tier: 'unknown', ratio: undefined, needed, limit }
  }
  const ratio = needed / limit
  return { tier: ratio >= 1 ? 'overflow' : ratio >= warnRatio(need.warnRatio) ? 'risky' : 'safe', ratio, needed, limit }
}

function warnRatio(configured: number): number {
  return configured >= 0.1 && configured <= 0.99 ? configured : Math.min(0.99, Math.max(0.1, configured || 0.9))
}
