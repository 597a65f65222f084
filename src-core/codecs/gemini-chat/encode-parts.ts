import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { MediaPart, Part, Signature, ToolCallPart, ToolResultPart } from '../../model/request.ts'
import type { ToolNames } from '../tool-names.ts'
import { typeOfData, typeOfUrl } from './media-type.ts'
import type { SignatureStore } from './signatures.ts'

export interface PartContext {
  names: ToolNames
  signatures: SignatureStore
  /** Ids on calls and results are accepted. */
  callIds: boolean
}

/** A part in Gemini's words; undefined when there is nothing Gemini could be told. */
export function encodePart(part: Exclude<Part, ToolResultPart>, context: PartContext): JsonObject | undefined {
  switch (part.type) {
    case 'text': {
      const signature = own(part.signature)
      return part.text === '' && !signature.thoughtSignature ? undefined : { text: part.text, ...signature }
    }
    case 'reasoning': {
      // Only thoughts Gemini itself has signed; others' thoughts it would take for its own.
      const signature = own(part.signature)
      return signature.thoughtSignature ? { text: part.text, thought: true, ...signature } : undefined
    }
    case 'media':
      return encodeMedia(part)
    case 'tool-call':
      return encodeCall(part, context)
    case 'opaque':
      if (part.protocol === 'gemini-chat') return part.value
      return part.text ? { text: part.text } : undefined
  }
}

function own(signature: Signature | undefined): { thoughtSignature?: string } {
  return signature?.protocol === 'gemini-chat' ? { thoughtSignature: signature.value } : {}
}

function encodeCall(part: ToolCallPart, { names, signatures, callIds }: PartContext): JsonObject {
  const signature = own(part.signature)
  const kept = signature.thoughtSignature ?? signatures.recall(part)
  return {
    functionCall: {
      ...(callIds && part.id !== '' ? { id: part.id } : {}),
      name: names.toWire(part.name),
      args: part.args,
    },
    ...(kept === undefined ? {} : { thoughtSignature: kept }),
  }
}

export function encodeMedia({ data, url, mimeType, name }: MediaPart): JsonObject | undefined {
  if (data) return { inlineData: { mimeType: mimeType || typeOfData(data), data } }
  if (!url) return undefined
  const inline = /^data:([^;,]*)(?:;[^,]*)?;base64,/.exec(url.slice(0, 300))
  if (inline) {
    const bytes = url.slice(inline[0].length)
    return { inlineData: { mimeType: inline[1] || mimeType || typeOfData(bytes), data: bytes } }
  }
  const type = mimeType || typeOfUrl(name ?? '') || typeOfUrl(url)
  return { fileData: { ...(type ? { mimeType: type } : {}), fileUri: url } }
}

export function encodeResult(
  result: { id: string; name: string; value: Json; isError?: boolean },
  { names, callIds }: PartContext,
): JsonObject {
  return {
    functionResponse: {
      ...(callIds && result.id !== '' ? { id: result.id } : {}),
      name: names.toWire(result.name),
      response: responseOf(result.value, result.isError === true),
    },
  }
}

/** Gemini takes objects only. A `$ref` key in them is read as a media reference, so such data goes as text. */
function responseOf(value: Json, isError: boolean): JsonObject {
  const slot = isError ? 'error' : 'output'
  if (!isObject(value)) return { [slot]: hasReference(value, 0) ? JSON.stringify(value) : value }
  const wrapped = isError && value.error === undefined ? { error: value } : value
  if (!hasReference(wrapped, 0)) return wrapped
  const keys = Object.keys(wrapped)
  const only = keys.length === 1 && (keys[0] === 'output' || keys[0] === 'error') ? keys[0] : undefined
  return only ? { [only]: JSON.stringify(wrapped[only]) } : { [slot]: JSON.stringify(value) }
}

function hasReference(value: Json | undefined, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth > 64) return true
  if (Array.isArray(value)) return value.some((item) => hasReference(item, depth + 1))
  return Object.entries(value).some(([key, member]) => key === '$ref' || hasReference(member, depth + 1))
}
