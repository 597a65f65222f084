import type { JsonObject } from '../model/json.ts'
import type { ListedModel } from '../model/target.ts'

export type ListDialect = 'gemini' | 'openai' | 'anthropic'

/** The caller shows by its headers whose list it expects. */
export function listDialect(path: string, headers: Readonly<Record<string, unknown>>): ListDialect {
  if (path.startsWith('/v1beta')) return 'gemini'
  if (headers['anthropic-version'] !== undefined) return 'anthropic'
  return headers['x-goog-api-key'] !== undefined || /[?&]key=/.test(path) ? 'gemini' : 'openai'
}

export function modelList(models: readonly ListedModel[], dialect: ListDialect): JsonObject {
  switch (dialect) {
    case 'gemini':
      return { models: models.map(geminiModel) }
    case 'openai':
      return { object: 'list', data: models.map(openaiModel) }
    case 'anthropic':
      return {
        data: models.map(anthropicModel),
        has_more: false,
        first_id: models[0]?.id ?? null,
        last_id: models.at(-1)?.id ?? null,
      }
  }
}

export function modelEntry(model: ListedModel, dialect: ListDialect): JsonObject {
  return dialect === 'gemini' ? geminiModel(model) : dialect === 'openai' ? openaiModel(model) : anthropicModel(model)
}

function geminiModel(model: ListedModel): JsonObject {
  return {
    name: `models/${model.id}`,
    version: '001',
    displayName: model.id,
    description: `Answered by ${model.provider} through Patchbay`,
    inputTokenLimit: model.maxContextTokens,
    outputTokenLimit: model.maxOutputTokens ?? 8192,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
  }
}

function openaiModel(model: ListedModel): JsonObject {
  return {
    id: model.id,
    object: 'model',
    created: 0,
    owned_by: model.provider,
    context_window: model.maxContextTokens,
    ...(model.maxOutputTokens === undefined ? {} : { max_output_tokens: model.maxOutputTokens }),
  }
}

function anthropicModel(model: ListedModel): JsonObject {
  return {
    type: 'model',
    id: model.id,
    display_name: model.id,
    created_at: '1970-01-01T00:00:00Z',
    max_input_tokens: model.maxContextTokens,
  }
}
