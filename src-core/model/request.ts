import type { Json, JsonObject } from './json.ts'

/** The four protocol families. Code Assist is gemini-chat in an envelope. */
export type Protocol = 'gemini-chat' | 'openai-chat' | 'openai-responses' | 'anthropic-messages'
export type Envelope = 'none' | 'code-assist'

/** A client request exactly as it came in. `body` is never changed; every attempt starts from it. */
export interface Wire {
  /** Unique per client request, letters and digits: in headers, records and logs. */
  id: string
  protocol: Protocol
  envelope: Envelope
  /** The name of the client key that was shown, never its value. */
  clientKey?: string
  /** Path and query as sent, without client key or prefix. */
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
  /** What the protocol's codec found when it scanned the body once; nobody else's business. */
  scanned?: object
}

/** What is asked of a model. Embeddings and the like are relayed or refused, never translated. */
export interface ModelRequest {
  protocol: Protocol
  /** The model the client named, without `models/`. */
  model: string
  stream: boolean
  wire: Wire
  /** What routing may look at. Cheap: found without decoding the conversation. */
  traits: RequestTraits
  /** The decoded conversation. Parsed on first use, once; throws `bad-request` when it is not what the protocol says. */
  conversation(): Promise<Conversation>
  /** Where the parts of the request stand in `wire.body`. Found on first use, without decoding them. */
  sections?(): RequestSections
  /** The conversation is no longer what `wire` says (a search loop added to it): encode it, never relay the bytes. */
  rewritten?: boolean
}

export interface RequestTraits {
  /** Body size in bytes. */
  bytes: number
  /** Tools are declared. */
  tools: boolean
  /** The latest user turn carries an image, audio, video or document. */
  media: boolean
  /** Output the client asks for, in tokens. */
  wishedOutputTokens?: number
  /** A client's own helper call; `router-verdict` is the Gemini CLI asking which model to use. */
  helper?: HelperCall
}

export interface ByteRange {
  start: number
  end: number
}

/** One range a message, a tool, a piece of the system prompt: what stays the same when a conversation grows. */
export interface RequestSections {
  system: readonly ByteRange[]
  tools: readonly ByteRange[]
  messages: readonly ByteRange[]
}

export type HelperCall = 'router-verdict' | 'helper'

export interface Conversation {
  system: TextPart[]
  messages: Message[]
  tools: Tool[]
  /** Tools the provider itself would run. */
  serverTools: ServerTool[]
  toolChoice?: ToolChoice
  parallelToolCalls?: boolean
  generation: Generation
  thinking?: Thinking
  output?: OutputFormat
  /** Fields only one protocol knows; written back only to the same protocol. */
  extensions: Partial<Record<Protocol, JsonObject>>
}

export interface Message {
  role: 'user' | 'assistant' | 'system'
  parts: Part[]
}

export type Part = TextPart | ReasoningPart | MediaPart | ToolCallPart | ToolResultPart | OpaquePart

export interface TextPart {
  type: 'text'
  text: string
  signature?: Signature
}

export interface ReasoningPart {
  type: 'reasoning'
  text: string
  signature?: Signature
}

/** Bytes (base64) or a reference. One of `data` and `url` is there. */
export interface MediaPart {
  type: 'media'
  /** Empty when unknown. */
  mimeType: string
  data?: string
  url?: string
  name?: string
  /** Provider hints such as image detail. */
  detail?: string
}

export interface ToolCallPart {
  type: 'tool-call'
  /** Always there: the client's own, else made from its position. */
  id: string
  name: string
  args: JsonObject
  signature?: Signature
}

export interface ToolResultPart {
  type: 'tool-result'
  /** The id of the call it answers; empty for an orphan. */
  id: string
  name: string
  /** What the tool said: an object from Gemini clients, text from the others. */
  value: Json
  isError?: boolean
  media?: MediaPart[]
}

/** A part only its own protocol understands, for example Gemini's executableCode. `text` is what others are told. */
export interface OpaquePart {
  type: 'opaque'
  protocol: Protocol
  value: JsonObject
  text?: string
}

/** Proof of reasoning, valid only for the family that made it. */
export interface Signature {
  protocol: Protocol
  value: string
}

export interface Tool {
  name: string
  description?: string
  /** Standard JSON Schema; undefined when the tool takes nothing. */
  parameters?: JsonObject
  strict?: boolean
}

export type ServerTool = { type: 'web-search' | 'url-context' | 'code-execution'; options?: JsonObject }

export type ToolChoice =
  | { type: 'auto' }
  | { type: 'none' }
  /** Some tool must be called; `names` narrows which. */
  | { type: 'required'; names?: string[] }

export interface Generation {
  temperature?: number
  topP?: number
  topK?: number
  maxOutputTokens?: number
  stop?: string[]
  candidates?: number
  seed?: number
  presencePenalty?: number
  frequencyPenalty?: number
  logprobs?: boolean
  topLogprobs?: number
}

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh'

export interface Thinking {
  effort?: Effort
  /** Tokens; -1 lets the model choose. */
  budgetTokens?: number
  includeThoughts?: boolean
}

export type OutputFormat =
  | { type: 'json' }
  | { type: 'json-schema'; schema: JsonObject; name?: string; strict?: boolean }
