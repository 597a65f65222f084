import { GatewayError } from '../model/error.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'

/** An embeddings request in no protocol's words: texts in, one vector for each out. */
export interface EmbeddingRequest {
  texts: string[]
  dimensions?: number
  /** Gemini: one text asked for alone is answered alone. */
  single: boolean
  /** OpenAI: vectors are wanted as little-endian 32-bit floats in base64. Its own SDK asks for that. */
  base64?: boolean
}

export interface EmbeddingAnswer {
  vectors: number[][]
  inputTokens: number
}

export function decodeGeminiEmbedding(body: JsonObject): EmbeddingRequest {
  const requests = Array.isArray(body.requests) ? body.requests : [body]
  let dimensions: number | undefined
  const texts = requests.map((request, index) => {
    const content = isObject(request) ? request.content : undefined
    const parts = isObject(content) && Array.isArray(content.parts) ? content.parts : undefined
    if (!parts)
      throw new GatewayError('bad-request', `requests[${index}].content.parts: expected a list of text parts.`)
    if (isObject(request) && typeof request.outputDimensionality === 'number') dimensions = request.outputDimensionality
    return parts.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('')
  })
  return { texts, dimensions, single: !Array.isArray(body.requests) }
}

export function decodeOpenaiEmbedding(body: JsonObject): EmbeddingRequest {
  const input = typeof body.input === 'string' ? [body.input] : body.input
  if (!Array.isArray(input) || !input.every((text) => typeof text === 'string')) {
    throw new GatewayError(
      'bad-request',
      'input: expected a text or a list of texts; token lists cannot be sent to another kind of backend.',
    )
  }
  return {
    texts: input,
    dimensions: typeof body.dimensions === 'number' ? body.dimensions : undefined,
    single: false,
    base64: body.encoding_format === 'base64',
  }
}

export function encodeOpenaiEmbedding(request: EmbeddingRequest, model: string): JsonObject {
  return {
    model,
    input: request.texts,
    encoding_format: 'float',
    ...(request.dimensions === undefined ? {} : { dimensions: request.dimensions }),
  }
}

export function encodeGeminiEmbedding(request: EmbeddingRequest, model: string): JsonObject {
  return {
    requests: request.texts.map((text) => ({
      model: `models/${model}`,
      content: { parts: [{ text }] },
      ...(request.dimensions === undefined ? {} : { outputDimensionality: request.dimensions }),
    })),
  }
}

export function readOpenaiVectors(body: Json): EmbeddingAnswer {
  const data = isObject(body) && Array.isArray(body.data) ? body.data : []
  const usage = isObject(body) && isObject(body.usage) ? body.usage.prompt_tokens : undefined
  return {
    vectors: data.map((item) => numbers(isObject(item) ? item.embedding : undefined)),
    inputTokens: typeof usage === 'number' ? usage : 0,
  }
}

export function readGeminiVectors(body: Json): EmbeddingAnswer {
  const list = isObject(body) && Array.isArray(body.embeddings) ? body.embeddings : []
  return { vectors: list.map((item) => numbers(isObject(item) ? item.values : undefined)), inputTokens: 0 }
}

export function writeGeminiVectors(answer: EmbeddingAnswer, single: boolean): JsonObject {
  return single
    ? { embedding: { values: answer.vectors[0] ?? [] } }
    : { embeddings: answer.vectors.map((values) => ({ values })) }
}

export function writeOpenaiVectors(answer: EmbeddingAnswer, model: string, base64 = false): JsonObject {
  return {
    object: 'list',
    data: answer.vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: base64 ? floatsInBase64(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: answer.inputTokens, total_tokens: answer.inputTokens },
  }
}

/** The same request for a backend of the same kind: only the model's name changes. */
export function relayGeminiEmbedding(body: JsonObject, model: string): { method: string; body: JsonObject } {
  const name = `models/${model}`
  if (!Array.isArray(body.requests)) return { method: 'embedContent', body: { ...body, model: name } }
  const requests = body.requests.map((request) => (isObject(request) ? { ...request, model: name } : request))
  return { method: 'batchEmbedContents', body: { ...body, requests } }
}

function floatsInBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}

function numbers(value: Json | undefined): number[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number')) {
    throw new GatewayError('provider-error', 'The provider answered the embeddings request with something else.')
  }
  return value
}
