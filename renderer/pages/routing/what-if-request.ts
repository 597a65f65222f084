import type { InputOf } from '../../../src-core/control/contract.ts'

export interface WhatIf {
  model: string
  tokens: number
  media: boolean
  tools: boolean
}

/** The smallest request with these traits, as `explainRoute` takes it. */
export function whatIfRequest({ model, tokens, media, tools }: WhatIf, config?: string): InputOf<'explainRoute'> {
  const text = { type: 'text', text: 'x' }
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${onePixel}` } }
  const tool = { type: 'function', function: { name: 'look', description: 'x', parameters: { type: 'object' } } }
  return {
    path: '/v1/chat/completions',
    body: {
      model,
      messages: [{ role: 'user', content: media ? [text, image] : [text] }],
      ...(tools ? { tools: [tool] } : {}),
    },
    tokens,
    config,
  }
}

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Token counts people think in: finer where windows are small. */
export const tokenSteps: readonly number[] = [
  100, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 100_000, 128_000, 150_000, 180_000, 200_000, 250_000, 300_000,
  400_000, 600_000, 800_000, 1_000_000, 1_500_000, 2_000_000,
]
