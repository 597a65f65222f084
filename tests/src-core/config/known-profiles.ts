import type { KnownProfiles } from '../../../src-core/config/references.ts'
import type { ServiceProfile } from '../../../src-core/config/service-profile-schema.ts'

/** The profiles config tests know: with an address of their own, without one, built in, with models. */
export const knownProfiles: KnownProfiles = new Map<string, Partial<ServiceProfile>>([
  ['gemini', { type: 'gemini', baseUrl: 'https://gemini.example/v1beta', models: { 'gemini-*': {} } }],
  ['litellm', { type: 'openai' }],
  ['azure-openai', { type: 'openai' }],
  ['openai-compatible', { type: 'openai' }],
  ['glm', { type: 'openai', baseUrl: 'https://glm.example/v4', models: { 'glm-4.7': {} } }],
  ['ollama', { type: 'openai', baseUrl: 'http://127.0.0.1:11434/v1' }],
  ['lmstudio', { type: 'openai', baseUrl: 'http://127.0.0.1:1234/v1' }],
  ['demo', { type: 'openai', builtIn: true, models: { '*': {} } }],
])
