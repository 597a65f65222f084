import { describe, expect, test } from 'vitest'
import { parseGeminiPath } from '../../../../src-core/codecs/gemini-chat/index.ts'

describe('parseGeminiPath', () => {
  test.each([
    ['/v1beta/models/gemini-3.5-flash:generateContent', 'v1beta', 'gemini-3.5-flash', 'generateContent'],
    ['/v1beta/models/m:streamGenerateContent?alt=sse', 'v1beta', 'm', 'streamGenerateContent'],
    ['/v1/models/m:countTokens', 'v1', 'm', 'countTokens'],
    ['/v1beta/models/m%3AgenerateContent', 'v1beta', 'm', 'generateContent'],
    ['/v1beta/models/azure/gpt-5.1:generateContent', 'v1beta', 'azure/gpt-5.1', 'generateContent'],
    ['/v1beta/models/azure%2Fgpt-5.1:generateContent', 'v1beta', 'azure/gpt-5.1', 'generateContent'],
    ['/v1beta/models/qwen3:8b:generateContent', 'v1beta', 'qwen3:8b', 'generateContent'],
    ['/v1beta1/publishers/google/models/m:generateContent', 'v1beta1', 'm', 'generateContent'],
    ['/v1beta1/projects/p/locations/l/publishers/google/models/m:embedContent', 'v1beta1', 'm', 'embedContent'],
    ['/v1internal:loadCodeAssist', 'v1internal', '', 'loadCodeAssist'],
  ])('%s', (path, apiVersion, model, method) => {
    expect(parseGeminiPath(path)).toMatchObject({ apiVersion, model, method })
  })

  test('keeps the query', () => {
    expect(parseGeminiPath('/v1beta/models/m:streamGenerateContent?alt=sse')?.query).toBe('alt=sse')
  })

  test.each([
    '/',
    '/v1beta/models',
    '/v1beta/models/m',
    '/v1beta/models/:generateContent',
    '/v1/chat/completions',
    '/x/models/m:y',
  ])('%s is none', (path) => {
    expect(parseGeminiPath(path)).toBeUndefined()
  })

  test('a broken escape is a bad request', () => {
    expect(() => parseGeminiPath('/v1beta/models/%E0%A4%A:generateContent')).toThrow(/percent escape/)
  })
})
