import type { JsonObject } from '../../model/json.ts'
import type { Effort, Thinking } from '../../model/request.ts'
import { type GeminiModel, geminiModel } from './model-family.ts'

const budgets: Record<Effort, number> = {
  none: 0,
  minimal: 512,
  low: 1024,
  medium: 8192,
  high: 24576,
  xhigh: 32768,
}

/** Effort for a token budget, by the usual thresholds; undefined lets the model choose. */
function effortOf(budget: number): Effort | undefined {
  if (budget < 0) return undefined
  const order: Effort[] = ['none', 'minimal', 'low', 'medium', 'high']
  return order.find((effort) => budget <= budgets[effort]) ?? 'xhigh'
}

/**
 * Thinking in this model's words: a budget up to 2.5, a level from 3 on, never both. Models we cannot tell
 * apart are sent only what their client already said in Gemini's words.
 */
export function encodeThinking(
  thinking: Thinking | undefined,
  modelName: string,
  fromGemini: boolean,
): JsonObject | undefined {
  if (!thinking) return undefined
  const model = geminiModel(modelName)
  const config = !model ? (fromGemini ? asGiven(thinking) : {}) : forModel(thinking, model)
  const mayShow = model ? model.generation >= 2.5 : fromGemini
  // Thoughts cannot be shown when there are none: Google answers 400.
  if (thinking.includeThoughts !== undefined && mayShow && config.thinkingBudget !== 0)
    config.includeThoughts = thinking.includeThoughts
  return Object.keys(config).length === 0 ? undefined : config
}

function asGiven({ effort, budgetTokens }: Thinking): JsonObject {
  if (effort !== undefined && effort !== 'none')
    return { thinkingLevel: effort === 'xhigh' ? 'HIGH' : effort.toUpperCase() }
  if (budgetTokens !== undefined) return { thinkingBudget: budgetTokens }
  return {}
}

function forModel({ effort, budgetTokens }: Thinking, model: GeminiModel): JsonObject {
  if (model.generation < 2.5) return {}
  if (model.generation < 3) {
    const budget = budgetTokens ?? (effort && budgets[effort])
    return budget === undefined ? {} : { thinkingBudget: legalBudget(budget, model) }
  }
  const wanted = effort ?? (budgetTokens === undefined ? undefined : effortOf(budgetTokens))
  return wanted === undefined ? {} : { thinkingLevel: levelOf(wanted, model) }
}

function legalBudget(budget: number, { tier }: GeminiModel): number {
  if (budget < 0) return -1
  if (tier === 'pro') return Math.min(Math.max(budget, 128), 32768)
  if (tier === 'flash-lite' && budget > 0) return Math.min(Math.max(budget, 512), 24576)
  return Math.min(budget, 24576)
}

function levelOf(effort: Effort, { tier, generation }: GeminiModel): string {
  const isPro = tier === 'pro'
  switch (effort) {
    case 'none':
    case 'minimal':
      return isPro ? 'LOW' : 'MINIMAL'
    case 'low':
      return 'LOW'
    case 'medium':
      return isPro && generation < 3.1 ? 'HIGH' : 'MEDIUM'
    default:
      return 'HIGH'
  }
}
