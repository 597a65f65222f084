import type { Answer } from './scripted-provider.ts'

/** One call a scripted model makes. */
interface Call {
  id?: string
  name: string
  args: Record<string, unknown>
  signature?: string
}

export interface Said {
  text?: string
  reasoning?: string
  calls?: Call[]
  /** The protocol's own word; the usual one when left out. */
  finish?: string
  model?: string
}

const chatUsage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
const geminiUsage = { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 }

/** Events as an OpenAI-like service writes them, `[DONE]` included. */
function chatSse(...chunks: unknown[]): string {
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'].join('')
}

/** Events as the Gemini API writes them. */
function geminiSse(...chunks: unknown[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('')
}

export function chatAnswer(said: Said): Answer {
  const { text, reasoning, calls = [] } = said
  const message = {
    role: 'assistant',
    content: text ?? null,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(chatCall) }),
  }
  const choice = { index: 0, message, finish_reason: chatFinish(said), logprobs: null }
  return {
    json: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: said.model ?? 'scripted',
      choices: [choice],
      usage: chatUsage,
    },
  }
}

/** The same answer streamed: words one by one, arguments of parallel calls in interleaved fragments. */
export function chatStream(said: Said): Answer {
  const chunk = (delta: unknown, finish: string | null = null): unknown => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: said.model ?? 'scripted',
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  })
  const calls = (said.calls ?? []).map((call, index) => ({ ...chatCall(call, index), index }))
  const halves = calls.map(({ index, function: { arguments: text } }) => {
    const middle = Math.ceil(text.length / 2)
    const part = (slice: string): unknown => chunk({ tool_calls: [{ index, function: { arguments: slice } }] })
    return [part(text.slice(0, middle)), part(text.slice(middle))] as const
  })
  return {
    sse: chatSse(
      chunk({ role: 'assistant', content: '' }),
      ...words(said.reasoning).map((word) => chunk({ reasoning_content: word })),
      ...words(said.text).map((word) => chunk({ content: word })),
      ...calls.map((call) => chunk({ tool_calls: [{ ...call, function: { ...call.function, arguments: '' } }] })),
      ...halves.map(([first]) => first),
      ...halves.map(([, second]) => second),
      chunk({}, chatFinish(said)),
      { ...(chunk({}) as object), choices: [], usage: chatUsage },
    ),
  }
}

export function geminiAnswer(said: Said): Answer {
  const content = { role: 'model', parts: geminiParts(said) }
  return {
    json: {
      candidates: [{ index: 0, content, finishReason: said.finish ?? 'STOP' }],
      usageMetadata: geminiUsage,
      modelVersion: said.model ?? 'scripted',
      responseId: 'response-1',
    },
  }
}

export function geminiStream(said: Said): Answer {
  const chunk = (part: unknown): unknown => ({
    candidates: [{ index: 0, content: { role: 'model', parts: [part] } }],
    modelVersion: said.model ?? 'scripted',
    responseId: 'response-1',
  })
  const parts = [
    ...words(said.reasoning).map((text) => ({ text, thought: true })),
    ...words(said.text).map((text) => ({ text })),
    ...geminiParts({ calls: said.calls ?? [] }),
  ]
  const last = parts.pop()
  const content = last === undefined ? {} : { content: { role: 'model', parts: [last] } }
  return {
    sse: geminiSse(...parts.map(chunk), {
      candidates: [{ index: 0, ...content, finishReason: said.finish ?? 'STOP' }],
      usageMetadata: geminiUsage,
      modelVersion: said.model ?? 'scripted',
      responseId: 'response-1',
    }),
  }
}

function geminiParts({ text, reasoning, calls = [] }: Said): unknown[] {
  return [
    ...(reasoning === undefined ? [] : [{ text: reasoning, thought: true }]),
    ...(text === undefined ? [] : [{ text }]),
    ...calls.map(({ id, name, args, signature }) => ({
      functionCall: { ...(id === undefined ? {} : { id }), name, args },
      ...(signature === undefined ? {} : { thoughtSignature: signature }),
    })),
  ]
}

function chatCall(
  call: Call,
  index: number,
): { id: string; type: 'function'; function: { name: string; arguments: string } } {
  return {
    id: call.id ?? `call_${index + 1}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.args) },
  }
}

function chatFinish({ finish, calls }: Said): string {
  return finish ?? (calls?.length ? 'tool_calls' : 'stop')
}

function words(text: string | undefined): string[] {
  return text?.match(/\s*\S+\s*$|\s*\S+/g) ?? []
}
