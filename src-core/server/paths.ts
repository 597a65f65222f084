import { withLatest } from '../model/latest.ts'
import type { Envelope, Protocol } from '../model/request.ts'

/** What a path asks for. Model and stream stand in path or body; the codec finds them. */
export type Operation =
  | { type: 'generate' | 'count-tokens'; protocol: Protocol; envelope: Envelope }
  | {
      type: 'embed'
      protocol: 'gemini-chat' | 'openai-chat'
      method: 'embedContent' | 'batchEmbedContents' | 'embeddings'
    }
  | { type: 'list-models' }
  | { type: 'get-model'; model: string }
  /** A start-up call of the Gemini CLI on its Code Assist road. */
  | { type: 'code-assist'; method: string }
  | { type: 'healthz' | 'readyz' | 'metrics' }

const geminiMethods: Record<string, Operation> = {
  generateContent: { type: 'generate', protocol: 'gemini-chat', envelope: 'none' },
  streamGenerateContent: { type: 'generate', protocol: 'gemini-chat', envelope: 'none' },
  countTokens: { type: 'count-tokens', protocol: 'gemini-chat', envelope: 'none' },
  embedContent: { type: 'embed', protocol: 'gemini-chat', method: 'embedContent' },
  batchEmbedContents: { type: 'embed', protocol: 'gemini-chat', method: 'batchEmbedContents' },
}

const codeAssistMethods: Record<string, Operation> = {
  generateContent: { type: 'generate', protocol: 'gemini-chat', envelope: 'code-assist' },
  streamGenerateContent: { type: 'generate', protocol: 'gemini-chat', envelope: 'code-assist' },
  countTokens: { type: 'count-tokens', protocol: 'gemini-chat', envelope: 'code-assist' },
}

const exact: Record<string, Operation> = {
  'POST /v1/chat/completions': { type: 'generate', protocol: 'openai-chat', envelope: 'none' },
  'POST /v1/responses': { type: 'generate', protocol: 'openai-responses', envelope: 'none' },
  'POST /v1/messages': { type: 'generate', protocol: 'anthropic-messages', envelope: 'none' },
  'POST /v1/messages/count_tokens': { type: 'count-tokens', protocol: 'anthropic-messages', envelope: 'none' },
  'POST /v1/embeddings': { type: 'embed', protocol: 'openai-chat', method: 'embeddings' },
  'GET /v1/models': { type: 'list-models' },
  'GET /v1beta/models': { type: 'list-models' },
  'GET /v1beta1/publishers/google/models': { type: 'list-models' },
  'GET /healthz': { type: 'healthz' },
  'GET /readyz': { type: 'readyz' },
  'GET /metrics': { type: 'metrics' },
}

const modelPath = /^\/v1(?:beta)?1?\/(?:projects\/[^/]+\/locations\/[^/]+\/)?(?:publishers\/google\/)?models\/(.+)$/

/** The operation behind a method and path (no query), or undefined. */
export const matchPath = (method: string, path: string): Operation | undefined => matchLine(`${method} ${path}`)

const matchLine = withLatest((line: string): Operation | undefined => {
  const known = exact[line]
  if (known) return known
  const space = line.indexOf(' ')
  const [method, path] = [line.slice(0, space), line.slice(space + 1)]
  if (path.startsWith('/v1internal')) return codeAssist(method, path)
  const rest = modelPath.exec(path)?.[1]
  if (rest === undefined) return undefined
  const decoded = decode(rest)
  if (method === 'GET') return { type: 'get-model', model: decoded }
  const colon = decoded.lastIndexOf(':')
  if (method !== 'POST' || colon < 1) return undefined
  return own(geminiMethods, decoded.slice(colon + 1))
})

/** Which protocol's words a refusal at this path must use. */
export function dialectOf(path: string, headers: Readonly<Record<string, unknown>>): Protocol {
  if (path.startsWith('/v1beta') || path.startsWith('/v1internal')) return 'gemini-chat'
  if (path === '/v1/chat/completions' || path === '/v1/embeddings') return 'openai-chat'
  if (path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined) return 'anthropic-messages'
  if (path.startsWith('/v1/responses')) return 'openai-responses'
  if (path.startsWith('/v1/models/') && /(?::|%3A)\w+$/i.test(path)) return 'gemini-chat'
  if (headers['x-goog-api-key'] !== undefined) return 'gemini-chat'
  return 'openai-chat'
}

function codeAssist(method: string, path: string): Operation | undefined {
  const decoded = decode(path)
  if (method === 'GET' && decoded.startsWith('/v1internal/operations/'))
    return { type: 'code-assist', method: 'operations' }
  const name = /^\/v1internal:(\w+)$/.exec(decoded)?.[1]
  if (name === undefined) return undefined
  return own(codeAssistMethods, name) ?? { type: 'code-assist', method: name }
}

function own(table: Record<string, Operation>, key: string): Operation | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray percent sign is part of the name
  }
}
