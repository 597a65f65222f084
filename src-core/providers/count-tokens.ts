import type { Codec } from '../codecs/codec.ts'
import { parseJson, stringifyJson } from '../codecs/json-body.ts'
import { GatewayError } from '../model/error.ts'
import type { Routed } from '../model/event.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import type { ModelRequest, Wire } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import type { CallRaw } from './call-raw.ts'

export interface CountTokensOptions {
  codec: Codec
  callRaw: CallRaw
  /** The first target that would answer, `routed` told of it; throws `no-target` in words. */
  pick(request: ModelRequest, routed: Routed): Target
  /** The best that can be said without the provider. */
  count(request: ModelRequest): Promise<number>
}

export type CountTokens = (wire: Wire, routed: Routed, signal: AbortSignal) => Promise<JsonObject>

/**
 * The Gemini countTokens call, for any backend: a Gemini backend counts itself, for the others the
 * conversation is counted here. A backend that cannot count is no reason to fail.
 */
export function createCountTokens({ codec, callRaw, pick, count }: CountTokensOptions): CountTokens {
  return async (wire, routed, signal) => {
    const { path, body } = await asGeneration(wire)
    const request = codec.decodeRequest({ ...wire, envelope: 'none', path, body: await stringifyJson(body) })
    const target = pick(request, routed)
    if (target.protocol === 'gemini-chat') {
      const counted = await askProvider(target, body)
      if (counted !== undefined) return counted
    }
    await request.conversation() // what would be refused there is refused here
    return { totalTokens: await count(request) }

    async function askProvider(where: Target, asked: JsonObject): Promise<JsonObject | undefined> {
      try {
        const answer = await callRaw(
          where,
          {
            method: 'POST',
            path: where.envelope === 'code-assist' ? ':countTokens' : `/models/${where.model}:countTokens`,
            body: await stringifyJson(countBody(asked, where)),
            attempts: 1,
          },
          signal,
          wire,
        )
        const counted = await parseJson(answer.body)
        return isObject(counted) && typeof counted.totalTokens === 'number' ? counted : undefined
      } catch (thrown) {
        if (signal.aborted) throw thrown
        return undefined // the count of our own answers in its place
      }
    }
  }
}

/** Contents alone are counted as they are; with instructions and tools the whole request is. */
function countBody(asked: JsonObject, { model, envelope }: Target): JsonObject {
  if (envelope === 'code-assist')
    return { request: { model: `models/${model}`, contents: withoutThoughts(asked.contents) } }
  if (asked.systemInstruction === undefined && asked.tools === undefined) return { contents: asked.contents }
  return { generateContentRequest: { ...asked, model: `models/${model}` } }
}

/** Code Assist counts contents alone, and refuses thoughts among them. */
function withoutThoughts(contents: Json | undefined): Json | undefined {
  if (!Array.isArray(contents)) return contents
  return contents.map((content) =>
    isObject(content) && Array.isArray(content.parts)
      ? { ...content, parts: content.parts.filter((part) => !isObject(part) || part.thought !== true) }
      : content,
  )
}

/** The same contents as a generateContent request: every form of the call names them differently. */
async function asGeneration(wire: Wire): Promise<{ path: string; body: JsonObject }> {
  const body = object(await parseJson(wire.body), 'the request body')
  if (wire.envelope === 'code-assist') {
    const inner = object(body.request, 'request')
    const model = typeof inner.model === 'string' ? inner.model.replace(/^models\//, '') : ''
    if (model === '') throw new GatewayError('bad-request', 'request.model: expected the name of a model.')
    return { path: `/v1beta/models/${encodeURIComponent(model)}:generateContent`, body: inner }
  }
  const inner = body.generateContentRequest
  return { path: wire.path, body: isObject(inner) ? inner : body }
}

function object(value: Json | undefined, name: string): JsonObject {
  if (isObject(value)) return value
  throw new GatewayError('bad-request', `${name}: expected a JSON object.`)
}
