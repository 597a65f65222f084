import { GatewayError } from '../../model/error.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** Reading what another program wrote: only the fields we know, each with its type checked once. */
type Read = Json | undefined

/** A text that says something; services fill fields they do not know with ''. */
export function wordOf(value: Read): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function textOf(value: Read): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numberOf(value: Read): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function objectOf(value: Read): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

export function listOf(value: Read): Json[] {
  return Array.isArray(value) ? value : []
}

/** A request that does not say what the protocol says it must, with the path of the field. */
export function badRequest(path: string, words: string): GatewayError {
  return new GatewayError('bad-request', `${path} ${words}.`, { path })
}

/** Google's layer and the gateways that copy it carry the proof of reasoning here. */
export function googleSignature(value: JsonObject): string | undefined {
  return (
    wordOf(objectOf(objectOf(value.extra_content)?.google)?.thought_signature) ??
    wordOf(objectOf(value.provider_specific_fields)?.thought_signature)
  )
}
