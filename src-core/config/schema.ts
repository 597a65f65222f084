import { z } from 'zod'
import { headersField, idField, secretField, targetField, timeoutFields, wholeNumber } from './fields.ts'
import { authKinds, modelField, overridableProfileFields } from './service-profile-schema.ts'
import { webSearchField } from './web-search-schema.ts'

/**
 * The config file as a value: strict, every default filled in, descriptions doubling as hints. What points at
 * something else in the file is checked in references.ts.
 */

const ms = (least: number) => wholeNumber(least, 2_147_483_647)

// gateway

const gatewayField = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$|^[0-9A-Fa-f:.]+$|^\[[0-9A-Fa-f:.]+\]$/, 'is not a host name or address')
    .default('127.0.0.1')
    .transform((host) => host.replace(/^\[|\]$/g, ''))
    .describe('The address to listen on; 127.0.0.1 keeps the gateway to this machine.'),
  port: wholeNumber(0, 65_535).default(4141).describe('A port from 1 to 65535; 0 takes any free one.'),
  clientAuth: z
    .strictObject({ mode: z.enum(['key', 'none']).default('key').describe('key, or none on a loopback host.') })
    .prefault({}),
  allowedOrigins: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/\s?#@*]+$/, 'is not an origin')
        .transform((origin) => origin.toLowerCase()),
    )
    .default([])
    .describe('Origins of web pages that may call the gateway, each like http://localhost:3000 without a path.'),
  recordBodies: z
    .boolean()
    .default(false)
    .describe(
      'true or false: whether the latest requests and answers are kept in memory, to be looked at and replayed.',
    ),
  bodyLimitMb: z.number().positive().max(1024).default(64).describe('The largest request in megabytes, above 0.'),
})

// secrets

const secretsField = z.strictObject({
  backend: z
    .enum(['keyring', 'keytar'])
    .default('keyring')
    .describe('The library that reaches the keychain: keyring, or keytar where you have installed it.'),
})

// providers

const oauthSpellings = ['gemini-oauth', 'gemini-cli-oauth', 'qwen-oauth', 'iflow-oauth'] as const

const credentialField = z
  .strictObject({
    alias: idField.optional(),
    type: z
      .enum([...authKinds, ...oauthSpellings])
      .transform((type) => (isOAuthSpelling(type) ? 'oauth' : type))
      .describe('apikey (with secret), oauth (with account), client (the caller’s own key is forwarded) or none.'),
    secret: secretField.optional(),
    account: idField.optional(),
  })
  .superRefine((credential, context) => {
    const { type, secret, account } = credential
    const issue = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (type === 'apikey' && secret === undefined) issue('secret', 'is missing')
    if (type !== 'apikey' && secret !== undefined) issue('secret', `does not belong to auth of type ${type}`)
    if (type !== 'oauth' && account !== undefined) issue('account', `does not belong to auth of type ${type}`)
  })
  .describe('{ type: apikey, secret: "env:NAME" }, or a list of such with an alias each.')

export function isOAuthSpelling(type: string): type is (typeof oauthSpellings)[number] {
  return (oauthSpellings as readonly string[]).includes(type)
}

const modelName = z
  .string()
  .regex(/^(?:\*|[^\s*]+)$/, 'is not a model name')
  .describe('A model as the service names it, or "*" alone for any name.')

const providerField = z.strictObject({
  profile: idField
    .describe('A service profile, for example gemini, litellm, azure-openai, openai-compatible.')
    .optional(),
  ...overridableProfileFields,
  enabled: z.boolean().default(true),
  auth: z.union([credentialField, z.array(credentialField).min(1)]).optional(),
  headers: headersField.default({}),
  models: z
    .record(modelName, modelField)
    .default({})
    .describe('Model name: its limits; "*": {} lets any name through.'),
  discovery: z
    .enum(['on', 'off'])
    .default('on')
    .describe('on or off: whether the service is asked for its models and limits.'),
})

// routing

const poolField = z.strictObject({
  id: idField.optional(),
  backup: z.boolean().default(false),
  strategy: z.enum(['priority', 'round-robin', 'weighted']).default('priority'),
  targets: z
    .array(
      z.union([
        targetField,
        z.strictObject({ target: targetField, weight: z.number().positive().max(1e6).default(1) }),
      ]),
    )
    .describe('A list of provider.model, or { target: provider.model, weight: 2 }.'),
})

const routingField = z
  .record(idField, z.array(poolField))
  .describe('Route: its pools in the order they are tried. The route default serves what no other takes.')

const mappingField = z
  .record(z.string().min(1).regex(/^\S+$/, 'is not a model name'), z.string().min(1))
  .describe('The model a client names ("*" matches anything): provider.model, provider.*, or route:NAME.')

const groupField = z.strictObject({
  label: z.string().min(1).optional(),
  modelMapping: mappingField.default({}),
  routing: routingField.default({}),
})

// limits and waits

const ratioField = z
  .union([z.number(), z.string().regex(/^\s*\d*\.?\d+\s*$/, 'is not a number')])
  .default(0.9)
  .transform((ratio) => Math.min(0.99, Math.max(0.1, Number(ratio))))
  .describe('Estimate ÷ window from which a target is risky: a number from 0.1 to 0.99.')

const virtualRouterField = z
  .strictObject({
    providers: z.record(idField, providerField).default({}),
    modelMapping: mappingField.default({}),
    routing: routingField.default({}),
    activeGroup: idField.optional().describe('The routing group in force; default is the routing at the top.'),
    routingGroups: z.record(idField, groupField).default({}),
    contextRouting: z.strictObject({ warnRatio: ratioField, hardLimit: z.boolean().default(false) }).prefault({}),
    health: z
      .strictObject({
        failureThreshold: wholeNumber(1).default(3),
        cooldownMs: ms(0).default(30_000),
        fatalCooldownMs: ms(0).default(300_000),
      })
      .prefault({}),
    retry: z
      .strictObject({
        attempts: wholeNumber(1, 100).default(3).describe('Tries at one target, the first included: 1 or more.'),
        deadlineMs: ms(1).default(600_000),
        maxWaitMs: ms(0).default(10_000),
      })
      .prefault({}),
    timeouts: z
      .strictObject({
        connectMs: timeoutFields.connectMs.default(10_000),
        firstByteMs: timeoutFields.firstByteMs.default(300_000),
        idleMs: timeoutFields.idleMs.default(300_000),
      })
      .prefault({}),
    classifier: z.strictObject({ longContextThresholdTokens: wholeNumber(1).default(180_000) }).prefault({}),
    webSearch: webSearchField.prefault({}),
  })
  .transform((router) => ({ ...router, activeGroup: router.activeGroup ?? firstGroup(router) }))

/** Without a word about it, the routing at the top is in force; without one, the first group. */
function firstGroup(router: { routing: object; routingGroups: object }): string {
  if (Object.keys(router.routing).length > 0) return 'default'
  return Object.keys(router.routingGroups)[0] ?? 'default'
}

// the log of exchanges

const logsField = z.strictObject({
  days: wholeNumber(0, 365).default(7).describe('How many days of exchanges are kept on disk; 0 keeps none.'),
  maxMb: z.number().min(1).max(10_000).default(100).describe('How large that log may grow, in megabytes.'),
})

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1).default(1).describe('The version of this file’s format: 1.'),
  gateway: gatewayField.prefault({}),
  secrets: secretsField.prefault({}),
  logs: logsField.prefault({}),
  virtualrouter: virtualRouterField.prefault({}),
})

export type Config = z.output<typeof configSchema>
export type ConfigInput = z.input<typeof configSchema>
export type Provider = Config['virtualrouter']['providers'][string]
export type KeychainBackendName = Config['secrets']['backend']
export type Credential = z.output<typeof credentialField>
export type Routing = z.output<typeof routingField>
