import type { JsonObject } from '../model/json.ts'
import type { Tool } from '../model/request.ts'
import { type EngineView, recencies, type SearchQuery } from './engine.ts'

export const toolName = 'web_search'

/** However a client or a model spells it: web_search, web-search, WebSearch, google_web_search. */
export function isSearchTool(name: string): boolean {
  return /^(google)?websearch$/.test(name.toLowerCase().replace(/[^a-z]/g, ''))
}

const mostHits = 50

/** The tool a model is offered: closed and without keywords that strict services refuse. */
export function searchTool(engines: readonly EngineView[]): Tool {
  const properties: JsonObject = {
    query: { type: 'string', description: 'What to search for, in full words.' },
    ...(engines.length > 1 && {
      engine: { type: 'string', enum: engines.map(({ id }) => id), description: enginesInWords(engines) },
    }),
    recency: {
      type: 'string',
      enum: [...recencies],
      description: 'How old a page may be. Leave it out where age does not matter.',
    },
    count: {
      type: 'integer',
      minimum: 1,
      maximum: mostHits,
      description: `How many pages to list, from 1 to ${mostHits}.`,
    },
  }
  return {
    name: toolName,
    description:
      'Searches the internet and returns a summary and the pages found. Use it for news, for what may have changed since your training, and for what you are not sure of. It does not search local files or code.',
    parameters: { type: 'object', properties, required: ['query'], additionalProperties: false },
  }
}

function enginesInWords(engines: readonly EngineView[]): string {
  const lines = engines.map(({ id, description, isDefault }) => {
    const words = description ? `${id}: ${description}` : id
    return isDefault ? `${words} (the default)` : words
  })
  return `Which engine searches. ${lines.join('; ')}`
}

/** What a model asks for, read leniently; a sentence for the model when there is nothing to search for. */
export function readSearchCall(args: JsonObject): SearchQuery | string {
  const query = typeof args.query === 'string' ? args.query.trim() : ''
  if (query === '') return `${toolName} needs a query: say in words what to search for.`
  const recency = recencies.find((known) => known === args.recency)
  const count = Number(args.count)
  return {
    query,
    ...(typeof args.engine === 'string' && args.engine !== '' && { engine: args.engine }),
    ...(recency && { recency }),
    ...(args.count !== null && count >= 1 && { count: Math.min(mostHits, Math.round(count)) }),
  }
}
