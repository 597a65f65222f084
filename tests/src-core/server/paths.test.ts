import { describe, expect, test } from 'vitest'
import { dialectOf, matchPath } from '../../../src-core/server/paths.ts'

describe('matchPath', () => {
  test.each([
    ['POST', '/v1beta/models/gemini-3.5-flash:generateContent', 'generate gemini-chat none'],
    ['POST', '/v1/models/gemini-3.5-flash:streamGenerateContent', 'generate gemini-chat none'],
    ['POST', '/v1beta/models/azure/gpt-5.1:streamGenerateContent', 'generate gemini-chat none'],
    ['POST', '/v1beta/models/azure%2Fgpt-5.1%3AstreamGenerateContent', 'generate gemini-chat none'],
    ['POST', '/v1beta1/publishers/google/models/gemini-3.5-flash:generateContent', 'generate gemini-chat none'],
    ['POST', '/v1beta1/projects/p/locations/l/publishers/google/models/m:countTokens', 'count-tokens gemini-chat none'],
    ['POST', '/v1beta/models/m:embedContent', 'embed gemini-chat embedContent'],
    ['POST', '/v1beta/models/m:batchEmbedContents', 'embed gemini-chat batchEmbedContents'],
    ['POST', '/v1internal:generateContent', 'generate gemini-chat code-assist'],
    ['POST', '/v1internal:streamGenerateContent', 'generate gemini-chat code-assist'],
    ['POST', '/v1internal:countTokens', 'count-tokens gemini-chat code-assist'],
    ['POST', '/v1internal:loadCodeAssist', 'code-assist loadCodeAssist'],
    ['GET', '/v1internal/operations/x', 'code-assist operations'],
    ['POST', '/v1/chat/completions', 'generate openai-chat none'],
    ['POST', '/v1/embeddings', 'embed openai-chat embeddings'],
    ['GET', '/v1/models', 'list-models'],
    ['GET', '/v1beta/models', 'list-models'],
    ['GET', '/v1/models/litellm.azure-gpt-5', 'get-model litellm.azure-gpt-5'],
    ['GET', '/v1beta/models/a%2Fb', 'get-model a/b'],
    ['GET', '/healthz', 'healthz'],
    ['POST', '/v1beta/models/m:constructor', undefined],
    ['POST', '/v1internal:__proto__', 'code-assist __proto__'],
    ['POST', '/v1beta/models/m', undefined],
    ['POST', '/v1beta/models/:generateContent', undefined],
    ['GET', '/v1beta/models/m%', 'get-model m%'],
    ['DELETE', '/v1/models', undefined],
    ['GET', '/', undefined],
  ])('%s %s is %s', (method, path, expected) => {
    const operation = matchPath(method, path)
    expect(operation && Object.values(operation).join(' ')).toBe(expected)
  })
})

describe('dialectOf', () => {
  test.each([
    ['/v1beta/models/m:generateContent', {}, 'gemini-chat'],
    ['/v1internal:x', {}, 'gemini-chat'],
    ['/v1/models/m:generateContent', {}, 'gemini-chat'],
    ['/v1/models/m%3AgenerateContent', {}, 'gemini-chat'],
    ['/v1/messages', {}, 'anthropic-messages'],
    ['/v1/models', { 'anthropic-version': '2023-06-01' }, 'anthropic-messages'],
    ['/v1/models', { 'x-goog-api-key': 'k' }, 'gemini-chat'],
    ['/v1/models', {}, 'openai-chat'],
    ['/v1/chat/completions', { 'x-goog-api-key': 'k' }, 'openai-chat'],
    ['/v1/embeddings', { 'x-goog-api-key': 'k' }, 'openai-chat'],
    ['/nonsense', {}, 'openai-chat'],
  ])('%s speaks to %o in %s', (path, headers, protocol) => {
    expect(dialectOf(path, headers)).toBe(protocol)
  })
})
