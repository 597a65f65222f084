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
} from '../codecs/embeddings.ts'
import { parseJson, stringifyJson } from '../codecs/json-body.ts'
import { requireModelName } from '../codecs/model-name.ts'
import { GatewayError } from '../model/error.ts'
import type { Routed } from '../model/event.ts'
import { isObject, type JsonObject } from '../model/json.ts'
import type { Wire } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { answeredObject } from './call-json.ts'
import type { CallRaw } from './call-raw.ts'

export interface EmbedOptions {
  callRaw: CallRaw
  /** The first target that may answer for a model, `routed` told of it; throws `no-target` in words. */
  pick(model: string, routed: Routed): Target
}

/** `pathModel`: the model, where the path names it. */
export type Embed = (
  wire: Wire,
  pathModel: string | undefined,
  routed: Routed,
  signal: AbortSignal,
) => Promise<JsonObject | Buffer>

/**
 * Embeddings, from either kind of client to either kind of backend. Between two of one kind everything but the
 * model's name is passed on as it came. No stream, no failover.
 */
export function createEmbed({ callRaw, pick }: EmbedOptions): Embed {
  return async (wire, pathModel, routed, signal) => {
    const body = await parseJson(wire.body)
    if (!isObject(body)) throw new GatewayError('bad-request', 'The request body must be a JSON object.')
    const model = pathModel ?? body.model
    if (typeof model !== 'string' || model === '')
      throw new GatewayError('bad-request', 'model: expected the name of a model.')
    requireModelName(model)
    const fromGemini = wire.protocol === 'gemini-chat'
    const target = pick(model, routed)
    const toGemini = target.protocol === 'gemini-chat'
    if ((!toGemini && target.protocol !== 'openai-chat') || target.envelope === 'code-assist') {
      throw new GatewayError(
        'unsupported',
        `${target.id} offers no embeddings. Map ${model} to an embedding model of another provider.`,
      )
    }
    const ask = async (path: string, asked: JsonObject) => {
      const request = { method: 'POST', path, body: await stringifyJson(asked) } as const
      const { body: bytes } = await callRaw(target, request, signal, wire)
      return { bytes, answer: await answeredObject(bytes, target) }
    }

    if (fromGemini && toGemini) {
      const relayed = relayGeminiEmbedding(body, target.model)
      return (await ask(`/models/${target.model}:${relayed.method}`, relayed.body)).bytes
    }
    if (!fromGemini && !toGemini) return (await ask('/embeddings', { ...body, model: target.model })).bytes
    if (fromGemini) {
      const request = decodeGeminiEmbedding(body)
      const { answer } = await ask('/embeddings', encodeOpenaiEmbedding(request, target.model))
      return writeGeminiVectors(readOpenaiVectors(answer), request.single)
    }
    const request = decodeOpenaiEmbedding(body)
    const asked = encodeGeminiEmbedding(request, target.model)
    const { answer } = await ask(`/models/${target.model}:batchEmbedContents`, asked)
    return writeOpenaiVectors(readGeminiVectors(answer), model, request.base64)
  }
}
