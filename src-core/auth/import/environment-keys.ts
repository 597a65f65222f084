import type { Found } from './importable.ts'

/** The variables in which keys are usually kept, and the profile each is for. */
const variables: readonly [name: string, profile: string][] = [
  ['GEMINI_API_KEY', 'gemini'],
  ['OPENAI_API_KEY', 'openai'],
  ['AZURE_API_KEY', 'azure-openai'],
  ['LITELLM_API_KEY', 'litellm'],
  ['ANTHROPIC_API_KEY', 'anthropic'],
  ['OPENROUTER_API_KEY', 'openrouter'],
  ['DEEPSEEK_API_KEY', 'deepseek'],
  ['DASHSCOPE_API_KEY', 'qwen'],
  ['ZAI_API_KEY', 'glm'],
  ['ZHIPUAI_API_KEY', 'glm'],
]

/** `isClientKey`: whether it is a key of Patchbay's own, which clients of the Gemini family carry in `GEMINI_API_KEY`. */
export function findEnvironmentKeys(
  env: Readonly<Record<string, string | undefined>>,
  isClientKey: (key: string) => boolean,
): Found[] {
  return variables.flatMap(([name, profile]): Found[] => {
    const key = env[name]?.trim()
    if (!key || key.startsWith('pb-') || isClientKey(key)) return []
    return [{ id: `env:${name}`, from: name, kind: 'key', profile, key }]
  })
}
