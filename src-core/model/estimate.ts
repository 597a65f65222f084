import type { ByteRange, ModelRequest, RequestSections } from './request.ts'

/** Where a request's input tokens stand, and the output its client wishes for beside them. */
export interface EstimateParts {
  system: number
  tools: number
  history: number
  media: number
  output: number
}

export interface Estimate {
  /** Input: system, tools, history and media together. The output is counted where it meets a target's own limit. */
  tokens: number
  /** Perhaps worked out when asked for: name it when you copy an estimate. */
  readonly parts: EstimateParts
  /** The share of the bytes whose tokens were counted and not guessed, 0 to 1. */
  exact: number
}

const bytesPerToken = 4

/** Four bytes a token: all that can be said without reading a request. */
export function estimateBySize(request: ModelRequest): Estimate {
  return new SizeEstimate(request)
}

/** A size that somebody names and nobody counted. */
export function assumed(tokens: number, { traits }: ModelRequest): Estimate {
  const parts = { system: 0, tools: 0, history: tokens, media: 0, output: traits.wishedOutputTokens ?? 0 }
  return { tokens, parts, exact: 0 }
}

/** Most requests are small and nobody asks for their parts, so these are worked out only then. */
class SizeEstimate implements Estimate {
  readonly tokens: number
  readonly exact = 0
  #request: ModelRequest

  constructor(request: ModelRequest) {
    this.tokens = Math.ceil(request.wire.body.length / bytesPerToken)
    this.#request = request
  }

  get parts(): EstimateParts {
    return partsBySize(this.tokens, this.#request.sections?.(), this.#request.traits.wishedOutputTokens)
  }
}

function partsBySize(tokens: number, sections: RequestSections | undefined, output = 0): EstimateParts {
  const system = tokensIn(sections?.system)
  const tools = tokensIn(sections?.tools)
  return { system, tools, history: tokens - system - tools, media: 0, output }
}

function tokensIn(ranges: readonly ByteRange[] = []): number {
  return Math.floor(ranges.reduce((sum, { start, end }) => sum + end - start, 0) / bytesPerToken)
}
