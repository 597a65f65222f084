import { describe, expect, test } from 'vitest'
import {
  decodeGeminiEmbedding,
  decodeOpenaiEmbedding,
  encodeGeminiEmbedding,
  encodeOpenaiEmbedding,
  readGeminiVectors,
  readOpenaiVectors,
  relayGeminiEmbedding,
  writeGeminiVectors,
  writeOpenaiVectors,
} from '../../../src-core/codecs/embeddings.ts'

const geminiBatch = {
  requests: [
    { model: 'models/e', content: { parts: [{ text: 'one ' }, { text: 'two' }] }, outputDimensionality: 64 },
    { model: 'models/e', content: { parts: [{ text: 'three' }] } },
  ],
}

describe('a Gemini client on an OpenAI backend', () => {
  test('texts, dimensions and vectors come through', () => {
    const request = decodeGeminiEmbedding(geminiBatch)
    expect(encodeOpenaiEmbedding(request, 'text-embedding-3')).toEqual({
      model: 'text-embedding-3',
      input: ['one two', 'three'],
      encoding_format: 'float',
      dimensions: 64,
    })
    const answer = readOpenaiVectors({
      data: [{ embedding: [1, 2] }, { embedding: [3, 4] }],
      usage: { prompt_tokens: 5 },
    })
    expect(writeGeminiVectors(answer, request.single)).toEqual({ embeddings: [{ values: [1, 2] }, { values: [3, 4] }] })
  })

  test('one text asked for alone is answered alone', () => {
    const request = decodeGeminiEmbedding({ content: { parts: [{ text: 'x' }] } })
    expect(writeGeminiVectors({ vectors: [[1]], inputTokens: 0 }, request.single)).toEqual({
      embedding: { values: [1] },
    })
  })
})

test('an OpenAI client on a Gemini backend', () => {
  const request = decodeOpenaiEmbedding({ model: 'm', input: 'x', dimensions: 8 })
  expect(encodeGeminiEmbedding(request, 'gemini-embedding-001')).toEqual({
    requests: [{ model: 'models/gemini-embedding-001', content: { parts: [{ text: 'x' }] }, outputDimensionality: 8 }],
  })
  expect(writeOpenaiVectors(readGeminiVectors({ embeddings: [{ values: [1] }] }), 'm')).toEqual({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [1] }],
    model: 'm',
    usage: { prompt_tokens: 0, total_tokens: 0 },
  })
})

test.each([
  ['token lists', () => decodeOpenaiEmbedding({ input: [[1, 2]] }), /input: expected a text/],
  ['no content', () => decodeGeminiEmbedding({ requests: [{}] }), /requests\[0\]\.content\.parts/],
  ['an answer of another shape', () => readOpenaiVectors({ data: [{ embedding: 'base64' }] }), /something else/],
])('%s are refused in words', (_name, act, words) => {
  expect(act).toThrow(words)
})

test('an OpenAI client that asked for base64 gets base64', () => {
  const request = decodeOpenaiEmbedding({ model: 'm', input: 'x', encoding_format: 'base64' })
  const { data } = writeOpenaiVectors({ vectors: [[1, -0.5]], inputTokens: 1 }, 'm', request.base64)
  expect(data).toEqual([{ object: 'embedding', index: 0, embedding: 'AACAPwAAAL8=' }])
})

test.each([
  [
    'one text',
    { model: 'models/e', content: { parts: [] }, taskType: 'RETRIEVAL_QUERY' },
    { method: 'embedContent', body: { model: 'models/g', content: { parts: [] }, taskType: 'RETRIEVAL_QUERY' } },
  ],
  [
    'a batch',
    { requests: [{ model: 'models/e', title: 't' }] },
    { method: 'batchEmbedContents', body: { requests: [{ model: 'models/g', title: 't' }] } },
  ],
])('between two of the Gemini kind %s keeps all but its model', (_name, body, relayed) => {
  expect(relayGeminiEmbedding(body, 'g')).toEqual(relayed)
})
