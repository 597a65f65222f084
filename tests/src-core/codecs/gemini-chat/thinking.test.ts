import { describe, expect, test } from 'vitest'
import { encodeThinking } from '../../../../src-core/codecs/gemini-chat/thinking.ts'
import type { Thinking } from '../../../../src-core/model/request.ts'

describe('thinking in the words of the model', () => {
  test.each<[string, Thinking, boolean, object | undefined]>([
    ['gemini-2.5-flash', { effort: 'none' }, false, { thinkingBudget: 0 }],
    ['gemini-2.5-flash', { effort: 'none', includeThoughts: true }, false, { thinkingBudget: 0 }],
    ['gemini-2.5-pro', { effort: 'none' }, false, { thinkingBudget: 128 }],
    ['gemini-2.5-pro', { effort: 'xhigh' }, false, { thinkingBudget: 32768 }],
    ['gemini-2.5-flash', { effort: 'xhigh' }, false, { thinkingBudget: 24576 }],
    ['gemini-2.5-flash-lite', { budgetTokens: 100 }, false, { thinkingBudget: 512 }],
    [
      'gemini-2.5-flash',
      { effort: 'medium', includeThoughts: true },
      false,
      { thinkingBudget: 8192, includeThoughts: true },
    ],
    ['gemini-2.5-pro', { budgetTokens: -1 }, true, { thinkingBudget: -1 }],
    ['gemini-3-pro-preview', { effort: 'minimal' }, false, { thinkingLevel: 'LOW' }],
    ['gemini-3-pro-preview', { effort: 'medium' }, false, { thinkingLevel: 'HIGH' }],
    ['gemini-3.1-pro-preview', { effort: 'medium' }, false, { thinkingLevel: 'MEDIUM' }],
    ['gemini-3-flash-preview', { effort: 'none' }, false, { thinkingLevel: 'MINIMAL' }],
    ['gemini-3.5-flash', { budgetTokens: 8192 }, true, { thinkingLevel: 'MEDIUM' }],
    ['gemini-3.5-flash', { budgetTokens: -1, includeThoughts: true }, true, { includeThoughts: true }],
    ['gemini-3.5-flash', { effort: 'high', budgetTokens: 5 }, false, { thinkingLevel: 'HIGH' }],
    ['gemini-2.0-flash', { effort: 'high', includeThoughts: true }, false, undefined],
    ['my-model', { effort: 'high', includeThoughts: true }, false, undefined],
    ['my-model', { effort: 'high', includeThoughts: true }, true, { thinkingLevel: 'HIGH', includeThoughts: true }],
    ['my-model', { budgetTokens: 99 }, true, { thinkingBudget: 99 }],
    ['publishers/google/gemini-2.5-pro', { effort: 'low' }, false, { thinkingBudget: 1024 }],
  ])('%s: %j (from Gemini: %s)', (model, thinking, fromGemini, config) => {
    expect(encodeThinking(thinking, model, fromGemini)).toEqual(config)
  })
})
