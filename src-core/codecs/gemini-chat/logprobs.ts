import type { TokenLogprob } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'

function candidate(value: Json | undefined): { token: string; logprob: number } | undefined {
  if (!isObject(value) || typeof value.token !== 'string') return undefined
  return { token: value.token, logprob: typeof value.logProbability === 'number' ? value.logProbability : 0 }
}

export function decodeLogprobs(result: Json | undefined): TokenLogprob[] {
  if (!isObject(result) || !Array.isArray(result.chosenCandidates)) return []
  const tops = Array.isArray(result.topCandidates) ? result.topCandidates : []
  return result.chosenCandidates.flatMap((value, index) => {
    const chosen = candidate(value)
    if (!chosen) return []
    const step = tops[index]
    const top =
      isObject(step) && Array.isArray(step.candidates) ? step.candidates.flatMap((one) => candidate(one) ?? []) : []
    return [top.length > 0 ? { ...chosen, top } : chosen]
  })
}

/** The candidate members that carry log probabilities. */
export function encodeLogprobs(tokens: TokenLogprob[]): JsonObject {
  const one = ({ token, logprob }: { token: string; logprob: number }) => ({ token, logProbability: logprob })
  const sum = tokens.reduce((total, { logprob }) => total + logprob, 0)
  return {
    avgLogprobs: tokens.length === 0 ? 0 : sum / tokens.length,
    logprobsResult: {
      chosenCandidates: tokens.map(one),
      topCandidates: tokens.map((token) => ({ candidates: (token.top ?? [token]).map(one) })),
    },
  }
}
