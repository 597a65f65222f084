import type { Usage } from './event.ts'

/** What two questions took together; undefined when neither told. */
export function sumUsage(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (!one || !other) return one ?? other
  const total: Usage = {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    totalTokens: one.totalTokens + other.totalTokens,
  }
  for (const part of ['cachedInputTokens', 'reasoningTokens'] as const) {
    const tokens = (one[part] ?? 0) + (other[part] ?? 0)
    if (one[part] !== undefined || other[part] !== undefined) total[part] = tokens
  }
  return total
}
