export interface GeminiModel {
  /** 2.5, 3, 3.1 … */
  generation: number
  tier: 'pro' | 'flash' | 'flash-lite' | 'other'
}

/** What a name says about a Gemini model; undefined when it is none we can tell apart. */
export function geminiModel(name: string): GeminiModel | undefined {
  const match = /(?:^|\/)gemini-(\d+(?:\.\d+)?)(?:-(pro|flash-lite|flash))?(?![a-z\d.])/i.exec(name)
  if (!match) return undefined
  return { generation: Number(match[1]), tier: (match[2]?.toLowerCase() as GeminiModel['tier'] | undefined) ?? 'other' }
}

/** Gemini 3 and later refuse function calls that lost their signature; who knows about unknown ones. */
export function wantsSignatures(name: string): boolean {
  const model = geminiModel(name)
  return model === undefined || model.generation >= 3
}
