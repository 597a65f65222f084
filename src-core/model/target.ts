import type { JsonObject } from './json.ts'
import type { Envelope, Protocol } from './request.ts'

/** One model at one provider with one credential: where an attempt can go. Plain data, made from config and profile. */
export interface Target {
  /** `provider.model`, or `provider[alias].model` when the provider has several credentials. */
  id: string
  provider: string
  /** Name of the provider's credential; `default` when there is only one. */
  credential: string
  /** The model as the provider is asked for it (after the profile's wire renames). */
  model: string
  protocol: Protocol
  envelope: Envelope
  /** Code Assist: whose quota is asked, found out just before a call; left out, the request names its own. */
  project?: string
  maxContextTokens: number
  limitFrom: 'config' | 'reported' | 'profile' | 'default'
  maxOutputTokens?: number
  dialect: Dialect
}

/** What a service understands of its protocol. Data from its profile; a codec reads it, nobody else. */
export interface Dialect {
  /** Parameters (wire names, dots for nesting) the service refuses. */
  dropParams: readonly string[]
  /** openai-chat: which field carries the output limit. */
  maxTokensField: 'max_tokens' | 'max_completion_tokens'
  /** openai-chat: how thinking is asked for; `none` sends nothing. */
  thinking: 'none' | 'reasoning_effort' | 'thinking_type' | 'enable_thinking'
  /** openai-chat: `json_schema`, else `json_object`, else nothing. */
  structuredOutput: 'json_schema' | 'json_object' | 'none'
  /** openai-chat: assistant turns with tool calls must carry reasoning_content. */
  echoReasoning: boolean
  /** openai-chat: `allowed_tools` in tool_choice is understood. */
  allowedTools: boolean
  /** openai-chat: tool_choice other than auto is understood. */
  forcedToolChoice: boolean
  /** openai-chat: `stream_options.include_usage` is understood. */
  streamUsage: boolean
  /** openai-chat: how many stop sequences are taken. */
  maxStops: number
  /** gemini-chat: `parametersJsonSchema` is understood; else the sanitised subset is sent. */
  jsonSchemaTools: boolean
  /** gemini-chat: ids on functionCall and functionResponse are accepted. */
  callIds: boolean
  /** Asked in the protocol's own words (`googleSearch`, `web_search_options`), the model searches by itself. */
  ownSearch: boolean
  /** A reasoning model: sampling parameters are refused. */
  reasoningModel: boolean
  /** Extra body fields, always sent. */
  extraBody?: JsonObject
}

export const plainDialect: Dialect = {
  dropParams: [],
  maxTokensField: 'max_tokens',
  thinking: 'none',
  structuredOutput: 'json_schema',
  echoReasoning: false,
  allowedTools: false,
  forcedToolChoice: true,
  streamUsage: true,
  maxStops: 4,
  jsonSchemaTools: true,
  callIds: true,
  ownSearch: false,
  reasoningModel: false,
}

/** A model a client may name, as the model lists show it. */
export interface ListedModel {
  id: string
  provider: string
  maxContextTokens: number
  maxOutputTokens?: number
}
