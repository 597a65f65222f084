import type { ModelRequest, Wire } from '../../model/request.ts'
import { lookAt } from './look.ts'

export function decodeRequest(wire: Wire): ModelRequest {
  const { model, path, traits, sections, conversation } = lookAt(wire)
  return {
    protocol: 'gemini-chat',
    model,
    stream: path.method === 'streamGenerateContent',
    wire,
    traits,
    sections,
    conversation,
  }
}

/** The client's bytes still say all: nobody put another conversation in their place. */
export function isUntouched(request: ModelRequest): boolean {
  return request.wire.protocol === 'gemini-chat' && request.conversation === lookAt(request.wire).conversation
}
