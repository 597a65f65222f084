import { z } from 'zod'
import { isSecretName } from '../model/redact.ts'
import { baseUrlField, idField, secretField, targetField, wholeNumber } from './fields.ts'

/** `virtualrouter.webSearch`: who searches, and when the models behind Patchbay are given the tool. */

const searchServices = ['brave', 'tavily', 'searxng'] as const
export type SearchServiceName = (typeof searchServices)[number]

const optionsField = z
  .record(
    z.string().refine((name) => !isSecretName(name), 'a credential does not belong here; use secret'),
    z.json(),
  )
  .describe('What goes to the service with each search, in its own words: { search_engine: search_pro }.')

const engineField = z
  .strictObject({
    id: idField,
    providerKey: targetField.describe('The provider.model that searches.').optional(),
    service: z
      .enum(searchServices)
      .describe('A search service that is no model provider: brave, tavily or searxng; instead of providerKey.')
      .optional(),
    baseUrl: baseUrlField.describe('The address of the search service, for example http://127.0.0.1:8080.').optional(),
    secret: secretField.optional(),
    description: z.string().max(1000).describe('What it is good at: the models read it to choose.').optional(),
    default: z.boolean().default(false),
    maxUses: wholeNumber(1, 1000).describe('Searches with it in one client request, 1 or more.').optional(),
    options: optionsField.default({}),
  })
  .superRefine(({ providerKey, service, baseUrl, secret }, context) => {
    const issue = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (providerKey === undefined && service === undefined) issue('providerKey', 'is missing, and so is service')
    if (providerKey !== undefined && service !== undefined) issue('service', 'does not go together with providerKey')
    if (service === undefined) {
      if (baseUrl !== undefined) issue('baseUrl', 'belongs to a search service; a provider has its own')
      if (secret !== undefined) issue('secret', 'belongs to a search service; a provider has its own')
    } else if (service === 'searxng') {
      if (baseUrl === undefined) issue('baseUrl', 'is missing')
    } else if (secret === undefined) issue('secret', 'is missing')
  })

export const webSearchField = z.strictObject({
  injectPolicy: z
    .enum(['always', 'selective'])
    .default('selective')
    .describe('When a model is given the tool: always, or selective where the conversation asks for it.'),
  maxSearches: wholeNumber(0, 1000).default(3).describe('Searches in one client request; 0: none at all.'),
  deadlineMs: wholeNumber(1, 2_147_483_647)
    .default(30_000)
    .describe('How long one search may take with all its engines, a whole number of milliseconds.'),
  replaceClientTool: z
    .boolean()
    .default(false)
    .describe('true or false: whether the tool takes the place of a web_search the client brings itself.'),
  engines: z.array(engineField).default([]),
})

export type WebSearchSettings = z.output<typeof webSearchField>
export type EngineSettings = WebSearchSettings['engines'][number]
