import {
  decodeGeminiEmbedding,
  decodeOpenaiEmbedding,
  encodeGeminiEmbedding,
  encodeOpenaiEmbedding,
  readGeminiVectors,
  readOpenaiVectors,
  writeGeminiVectors,
  writeOpenaiVectors,
} from '../codecs/embeddings.ts'
import { parseJson, stringifyJson } from '../codecs/json-body.ts'
import { GatewayError } from '../model/error.ts'
import { isObject, type JsonObject } from '../model/json.ts'
import type { Wire } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import type { CallRaw } from './call-raw.ts'

export interface EmbedOptions {
  callRaw: CallRaw
  /** The first target that may answer for a model; throws `no-target` in words. */
  pick(model: string): Target
}

export type Embed = (wire: Wire, model: string | undefined, signal: AbortSignal) => Promise<JsonObject>

/** Embeddings, from either kind of client to either kind of backend. One try: no stream, no failover. */
export function createEmbed({ callRaw, pick }: EmbedOptions): Embed {
  return async (wire, pathModel, signal) => {
    const body = await parseJson(wire.body)
    if (!isObject(body)) throw new GatewayError('bad-request', 'The request body must be a JSON object.')
    const model = pathModel ?? body.model
    if (typeof model !== 'string' || model === '')
      throw new GatewayError('bad-request', 'model: expected the name of a model.')
    const fromGemini = wire.protocol === 'gemini-chat'
    const request = fromGemini ? decodeGeminiEmbedding(body) : decodeOpenaiEmbedding(body)
    const target = pick(model)
    const toGemini = target.protocol === 'gemini-chat'
    if (!toGemini && target.protocol !== 'openai-chat') {
      throw new GatewayError(
        'unsupported',
        `${target.id} offers no embeddings. Map ${model} to an embedding model of another provider.`,
      )
    }
    const answer = await callRaw(
      target,
      toGemini
        ? {
            method: 'POST',
            path: `/models/${target.model}:batchEmbedContents`,
            body: await stringifyJson(encodeGeminiEmbedding(request, target.model)),
          }
        : {
            method: 'POST',
            path: '/embeddings',
            body: await stringifyJson(encodeOpenaiEmbedding(request, target.model)),
          },
      signal,
      wire,
    )
    const answered = await parseJson(answer.body)
    const vectors = toGemini ? readGeminiVectors(answered) : readOpenaiVectors(answered)
    return fromGemini ? writeGeminiVectors(vectors, request.single) : writeOpenaiVectors(vectors, model)
  }
}
