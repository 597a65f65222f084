import type { FinishReason } from '../../model/event.ts'

const unifiedReasons: Record<string, FinishReason['unified']> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'length',
  SAFETY: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  BLOCKLIST: 'content-filter',
  SPII: 'content-filter',
  RECITATION: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'malformed-call',
  UNEXPECTED_TOOL_CALL: 'malformed-call',
  TOO_MANY_TOOL_CALLS: 'malformed-call',
}

function unifiedOf(raw: string): FinishReason['unified'] {
  return Object.hasOwn(unifiedReasons, raw) ? unifiedReasons[raw]! : 'other'
}

/** Gemini says STOP whether or not it called a tool; whole calls are there to be run. */
export function decodeFinishReason(raw: string, calledTools: boolean, message?: string): FinishReason {
  const unified = unifiedOf(raw)
  const runsTools = calledTools && unified !== 'content-filter' && unified !== 'malformed-call'
  return { unified: runsTools ? 'tool-calls' : unified, raw, ...(message === undefined ? {} : { message }) }
}

export function encodeFinishReason({ unified, raw }: FinishReason): string {
  if (raw !== undefined && Object.hasOwn(unifiedReasons, raw)) return raw
  switch (unified) {
    case 'stop':
    case 'tool-calls':
      return 'STOP'
    case 'length':
      return 'MAX_TOKENS'
    case 'content-filter':
      return 'SAFETY'
    case 'malformed-call':
      return 'MALFORMED_FUNCTION_CALL'
    case 'other':
      return 'OTHER'
  }
}
