import { chatAnswer, chatStream, geminiAnswer, geminiStream, type Said } from './answers.ts'
import type { Answer, ProviderRequest } from './scripted-provider.ts'

/** What a model behind a provider gets to see, whatever the protocol. */
export interface Seen {
  request: ProviderRequest
  /** The Gemini CLI asking which model to use. */
  router: boolean
  /** Tool results since the last user text, as text, in order. */
  results: string[]
  /** Base64 of every image in the conversation. */
  images: string[]
}

type Part = Record<string, unknown>

/** A script for any provider kind: the words come from `play`, the wire form from the request. */
export function modelThat(play: (seen: Seen) => Said): (request: ProviderRequest) => Answer {
  return (request) => {
    if (request.path.includes(':countTokens')) return { json: { totalTokens: 42 } }
    return worded(request, play(see(request)))
  }
}

/** What was said, in the form this request asks for. */
function worded(request: ProviderRequest, said: Said): Answer {
  if (request.path.includes(':streamGenerateContent')) return geminiStream(said)
  if (request.path.includes(':generateContent')) return geminiAnswer(said)
  return (request.json as Part | undefined)?.stream === true ? chatStream(said) : chatAnswer(said)
}

/** The CLI's router wants this JSON. */
export const easyVerdict: Said = { text: '{"complexity_reasoning":"simple","complexity_score":10}' }

function see(request: ProviderRequest): Seen {
  const body = (request.json ?? {}) as { contents?: Part[]; messages?: Part[] }
  const router = request.body.includes('complexity_score')
  return body.contents ? seeGemini(request, router, body.contents) : seeChat(request, router, body.messages ?? [])
}

function seeGemini(request: ProviderRequest, router: boolean, contents: Part[]): Seen {
  const partsOf = (content: Part | undefined): Part[] => (content?.parts as Part[] | undefined) ?? []
  const results = partsOf(contents.at(-1)).flatMap((part) => {
    const answered = part.functionResponse as { response?: Part } | undefined
    return answered ? [JSON.stringify(answered.response)] : []
  })
  const images = contents.flatMap(partsOf).flatMap((part) => {
    const inline = part.inlineData as { data: string } | undefined
    return inline ? [inline.data] : []
  })
  return { request, router, results, images }
}

function seeChat(request: ProviderRequest, router: boolean, messages: Part[]): Seen {
  const lastSpoken = messages.findLastIndex((message) => message.role === 'assistant')
  const results = messages
    .slice(lastSpoken + 1)
    .filter((message) => message.role === 'tool')
    .map((message) => (typeof message.content === 'string' ? message.content : JSON.stringify(message.content)))
  const images = messages
    .flatMap((message) => (Array.isArray(message.content) ? (message.content as Part[]) : []))
    .flatMap((part) => {
      const image = part.image_url as { url: string } | undefined
      return image ? [image.url.replace(/^data:[^,]*,/, '')] : []
    })
  return { request, router, results, images }
}
