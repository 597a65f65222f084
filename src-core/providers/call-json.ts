import { parseJson } from '../codecs/json-body.ts'
import { GatewayError } from '../model/error.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import type { Wire } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import type { CallRaw, RawRequest } from './call-raw.ts'
import { judgeFailure } from './failure.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

/** A JSON object for a JSON object. A failure that comes with a good status is one all the same. */
export type CallJson = (target: Target, request: RawRequest, signal: AbortSignal, wire?: Wire) => Promise<JsonObject>

export function createCallJson(options: {
  callRaw: CallRaw
  provider(id: string): ResolvedProvider | undefined
  now(): number
}): CallJson {
  return async (target, request, signal, wire) => {
    const { status, headers, body } = await options.callRaw(target, request, signal, wire)
    const answer = await answeredObject(body, target)
    if (!isObject(answer.error) && answer.success !== false) return answer
    const provider = options.provider(target.provider)
    if (!provider) return answer
    throw judgeFailure({ status, headers, body: body.toString('utf8'), provider, target, now: options.now() })
  }
}

/** A web page in place of an answer is the provider's fault, not the client's. */
export async function answeredObject(bytes: Buffer, target: Target): Promise<JsonObject> {
  let answer: Json | undefined
  let cause: unknown
  try {
    answer = await parseJson(bytes)
  } catch (thrown) {
    cause = thrown
  }
  if (isObject(answer)) return answer
  const words = `${target.id} answered with something that is no JSON object. Is its address right?`
  throw new GatewayError('provider-error', words, { cause, target: target.id })
}
