import type { FinishReason } from '../../model/event.ts'

/** The many words services have for why an answer ended. */
export function decodeFinishReason(raw: string): FinishReason['unified'] {
  switch (raw.toLowerCase()) {
    case 'stop':
    case 'eos':
    case 'eos_token':
    case 'stop_sequence':
    case 'end_turn':
    case 'complete':
    case 'completed':
      return 'stop'
    case 'tool_calls':
    case 'tool_call':
    case 'tool_use':
    case 'function_call':
      return 'tool-calls'
    case 'length':
    case 'max_tokens':
    case 'model_length':
    case 'model_context_window_exceeded':
      return 'length'
    case 'content_filter':
    case 'content_filtered':
    case 'sensitive':
    case 'safety':
    case 'refusal':
    case 'recitation':
    case 'prohibited_content':
    case 'blocklist':
    case 'spii':
      return 'content-filter'
    case 'malformed_function_call':
      return 'malformed-call'
    default:
      return 'other'
  }
}

/** The word an OpenAI client knows. Whether calls were made counts more than what the backend said. */
export function encodeFinishReason(unified: FinishReason['unified'], hasCalls: boolean): string {
  switch (unified) {
    case 'length':
      return 'length'
    case 'content-filter':
      return 'content_filter'
    default:
      return hasCalls ? 'tool_calls' : 'stop'
  }
}
