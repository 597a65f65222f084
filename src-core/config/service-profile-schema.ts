import { z } from 'zod'
import { consequences, type ErrorKind } from '../model/error.ts'
import { baseUrlField, headersField, idField, patternField, timeoutFields, wholeNumber } from './fields.ts'
import { oauthField, statusField } from './oauth-field.ts'

/** What a service profile file says. Config providers may override every key but `id` and `discovery`. */

const providerTypes = ['openai', 'gemini', 'openai-responses', 'anthropic'] as const
export const authKinds = ['apikey', 'oauth', 'client', 'none'] as const

/** Part of `Dialect` (model/target.ts); what is left out stays as the plain dialect of the type. */
export const dialectField = z
  .strictObject({
    dropParams: z.array(z.string().min(1)),
    maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']),
    thinking: z.enum(['none', 'reasoning_effort', 'thinking_type', 'enable_thinking']),
    structuredOutput: z.enum(['json_schema', 'json_object', 'none']),
    echoReasoning: z.boolean(),
    allowedTools: z.boolean(),
    forcedToolChoice: z.boolean(),
    streamUsage: z.boolean(),
    maxStops: wholeNumber(0),
    jsonSchemaTools: z.boolean(),
    callIds: z.boolean(),
    ownSearch: z.boolean(),
    reasoningModel: z.boolean(),
    extraBody: z.record(z.string(), z.json()),
  })
  .partial()
  .describe('What the service understands of its protocol.')

export const modelField = z
  .strictObject({
    maxContextTokens: wholeNumber(1).describe('The context window in tokens, a whole number above 0.').optional(),
    maxOutputTokens: wholeNumber(1).describe('The longest answer in tokens, a whole number above 0.').optional(),
    dialect: dialectField.optional(),
  })
  .describe('Limits of one model; write {} when there is nothing to say about it.')

/** The first rule whose every given part matches decides. `code` is held against the error's code, type and reason. */
const failureField = z.strictObject({
  status: z.union([wholeNumber(100, 599), z.array(wholeNumber(100, 599)).min(1)]).optional(),
  code: patternField.optional(),
  message: patternField.optional(),
  kind: z.enum(Object.keys(consequences) as [ErrorKind, ...ErrorKind[]]),
  say: z.string().optional().describe('The sentence the person at the client reads.'),
})

/** Where a service's message names the wait. `duration` reads `1h2m3.5s`; `date-time` an instant, in `zone` when it names none. */
const waitField = z.strictObject({
  message: patternField.refine((pattern) => /\((?!\?)|\(\?<[^=!]/.test(pattern), 'needs a group around the time'),
  unit: z.enum(['ms', 's', 'm', 'h', 'duration', 'date-time']),
  zone: z
    .string()
    .regex(/^[+-]\d\d:\d\d$/)
    .optional(),
})

/** Keys a provider in the config may override. */
export const overridableProfileFields = {
  name: z.string().min(1).optional(),
  type: z.enum(providerTypes).optional().describe('The protocol family: openai, gemini, openai-responses, anthropic.'),
  status: statusField.optional(),
  baseUrl: baseUrlField.optional(),
  /** Azure's classic road: `/openai/deployments/NAME/…?api-version=`. Without it the v1 road. */
  apiVersion: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/)
    .describe('An Azure api-version such as 2024-10-21; it chooses the classic deployments road.')
    .optional(),
  /** The header an API key travels in; `authorization` means `Bearer KEY`. */
  apiKeyHeader: z.enum(['authorization', 'x-goog-api-key', 'api-key', 'x-api-key']).optional(),
  oauth: oauthField.optional(),
  modelMap: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe('Model as the user names it: model as the service is asked for it.'),
  dropParams: z.array(z.string().min(1)).optional(),
  failures: z.array(failureField).optional(),
  waits: z.array(waitField).optional(),
  timeouts: z.strictObject(timeoutFields).partial().optional(),
  dialect: dialectField.optional(),
  envelope: z.enum(['none', 'code-assist']).optional(),
  project: z
    .string()
    .regex(/^(?!\d+$)[a-z0-9][a-z0-9:.-]*$/, 'is not the id of a project')
    .describe(
      'Code Assist: the id (not the number) of your Google Cloud project; else GOOGLE_CLOUD_PROJECT, else found out.',
    )
    .optional(),
  webSearch: z
    .strictObject({ engine: z.enum(['gemini', 'glm', 'chat']), fields: z.record(z.string(), z.json()).optional() })
    .optional()
    .describe('How its models search the web by themselves; chat: by these fields in the body of a chat request.'),
  /** Name -> path under `baseUrl` or whole address, where a service differs from its family; `{model}` is filled in. */
  endpoints: z.record(idField, z.string().min(1)).optional(),
}

export const serviceProfileSchema = z.strictObject({
  $schema: z.string().optional(),
  id: idField,
  ...overridableProfileFields,
  name: z.string().min(1),
  type: z.enum(providerTypes),
  status: statusField,
  auth: z.array(z.enum(authKinds)).min(1),
  headers: headersField.optional(),
  /** Limits the profile knows. A name may hold `*`; the longest that matches counts. */
  models: z.record(z.string().min(1), modelField).optional(),
  /** How models and limits are read from the service. */
  discovery: z.enum(['openai', 'litellm', 'gemini', 'ollama', 'lmstudio', 'anthropic', 'none']).default('none'),
  /** Answered by Patchbay itself: there is no service behind it. */
  builtIn: z.boolean().default(false),
})

export type ServiceProfile = z.output<typeof serviceProfileSchema>
export type OwnSearch = NonNullable<ServiceProfile['webSearch']>
export type ProviderType = (typeof providerTypes)[number]
export type AuthKind = (typeof authKinds)[number]
export type FailureRule = z.output<typeof failureField>
export type WaitRule = z.output<typeof waitField>
