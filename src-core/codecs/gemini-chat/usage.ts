import type { Usage } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'

function count(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** Undefined when nothing was counted yet: early chunks carry empty or zero usage. */
export function decodeUsage(wire: Json | undefined): Usage | undefined {
  if (!isObject(wire)) return undefined
  const prompt = (count(wire, 'promptTokenCount') ?? 0) + (count(wire, 'toolUsePromptTokenCount') ?? 0)
  const visible = count(wire, 'candidatesTokenCount') ?? 0
  const thoughts = count(wire, 'thoughtsTokenCount') ?? 0
  const total = count(wire, 'totalTokenCount') ?? prompt + visible + thoughts
  if (prompt === 0 && visible === 0 && total === 0) return undefined
  // Some endpoints count thoughts among the candidates' tokens; then prompt and candidates alone make the total.
  const inclusive = thoughts > 0 && visible > 0 && prompt + visible === total
  const cached = count(wire, 'cachedContentTokenCount')
  return {
    inputTokens: prompt,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    outputTokens: inclusive ? Math.max(0, visible - thoughts) : visible,
    ...(thoughts === 0 ? {} : { reasoningTokens: thoughts }),
    totalTokens: total,
  }
}

export function encodeUsage(usage: Usage): JsonObject {
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: usage.outputTokens,
    totalTokenCount: usage.totalTokens,
    ...(usage.cachedInputTokens ? { cachedContentTokenCount: usage.cachedInputTokens } : {}),
    ...(usage.reasoningTokens ? { thoughtsTokenCount: usage.reasoningTokens } : {}),
  }
}
