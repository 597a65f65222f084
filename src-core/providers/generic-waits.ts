import type { WaitRule } from '../config/service-profile-schema.ts'

/** Words that name a wait at more than one service. */
export const genericWaits: readonly WaitRule[] = [
  // Google: "Please retry in 12.5s", "reset after 4h28m20s", "Resets in 9h22m20s"; OpenAI: "Please try again in 1m2.5s"
  {
    message: String.raw`(?:retry in|try again in|resets? (?:after|in)) (\d[\d.]*\s*(?:ms|s|m|h|d)\b|(?:\d[\d.]*(?:ms|s|m|h|d))+)`,
    unit: 'duration',
  },
  // LiteLLM: "Try again in 12.5 seconds"; Azure: "Please retry after 26 seconds"
  {
    message: String.raw`(?:try again|retry) (?:in|after) (\d[\d.]*\s*(?:milliseconds?|seconds?|minutes?|hours?|days?))`,
    unit: 'duration',
  },
]
