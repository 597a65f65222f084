import { keyHeaders } from './cases/send.ts'

export type Dialect = 'openai' | 'gemini'
export const dialects: readonly Dialect[] = ['openai', 'gemini']

/** Where a caller of this dialect asks for `model`, and with what. */
export function callOf(dialect: Dialect, model: string, options: { key: string; stream?: boolean }) {
  const { key, stream = false } = options
  if (dialect === 'openai') {
    return {
      path: '/v1/chat/completions',
      headers: keyHeaders('openai-chat', key),
      body: { model, stream, messages: [{ role: 'user', content: 'hello' }] } as Record<string, unknown>,
    }
  }
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent'
  return {
    path: `/v1beta/models/${model}:${method}`,
    headers: keyHeaders('gemini', key),
    body: { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] } as Record<string, unknown>,
  }
}
