import type { ModelRequest } from './request.ts'

/** Enough of a request to choose a target by its model alone. */
export function bareRequest(model: string): ModelRequest {
  const wire = {
    id: '',
    protocol: 'openai-chat' as const,
    envelope: 'none' as const,
    path: '',
    headers: {},
    body: Buffer.from('{}'),
  }
  return {
    protocol: 'openai-chat',
    model,
    stream: false,
    wire,
    traits: { bytes: 2, tools: false, media: false },
    conversation: async () => ({
      system: [],
      messages: [],
      tools: [],
      serverTools: [],
      generation: {},
      extensions: {},
    }),
  }
}
