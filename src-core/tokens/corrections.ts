import type { Usage } from '../model/event.ts'

/** Models cut texts differently: how much more or less a target says it was given than the estimate said. */
export interface Corrections {
  /** Times the estimate; 1 while nothing is known. */
  factor(target: string): number
  /** An answer has come, with the provider's own count if it told one. */
  learn(answer: { target?: string; estimatedTokens?: number; usage?: Usage }): void
}

/** Less is estimated by size alone, and what providers add of their own would weigh too much. */
const leastTokens = 2500
/** Outside of this a figure is about something else: cached content counted apart, or a count that is none. */
const lowest = 0.5
const highest = 2
/** The first answers count as their mean, later ones as a moving average. */
const leastWeight = 0.2
/** Names come from clients where a provider takes any model. */
const mostTargets = 1000

export function createCorrections(): Corrections {
  const known = new Map<string, { factor: number; answers: number }>()
  return {
    factor: (target) => known.get(target)?.factor ?? 1,
    learn({ target, estimatedTokens, usage }) {
      if (target === undefined || usage === undefined || !(estimatedTokens! >= leastTokens)) return
      const ratio = usage.inputTokens / estimatedTokens!
      if (!(ratio >= lowest && ratio <= highest)) return
      const entry = known.get(target) ?? { factor: 1, answers: 0 }
      entry.answers++
      entry.factor += (ratio - entry.factor) * Math.max(leastWeight, 1 / entry.answers)
      known.set(target, entry)
      if (known.size > mostTargets) known.delete(known.keys().next().value!)
    },
  }
}
