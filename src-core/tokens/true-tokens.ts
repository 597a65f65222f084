import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base'

/** What looks like a special token in a conversation is only text about it. */
const plain = { disallowedSpecial: new Set<string>() }
/** The merges of one word take the square of its length, so that 100,000 letters on end would take a minute. */
const longestRun = 512
const endlessRun = new RegExp(
  `[\\p{L}\\p{M}]{${longestRun},}|\\s{${longestRun},}|[^\\s\\p{L}\\p{N}]{${longestRun},}`,
  'gu',
)

setMergeCacheSize(50_000)

/** Tokens in a text by o200k_base itself; loads its tables, so only the worker imports this. Endless words are cut. */
export function trueTokens(text: string): number {
  let tokens = 0
  let at = 0
  for (const { index, 0: run } of text.matchAll(endlessRun)) {
    tokens += countTokens(text.slice(at, index), plain)
    at = index + run.length
    for (let from = index; from < at; from += longestRun) {
      tokens += countTokens(text.slice(from, Math.min(at, from + longestRun)), plain)
    }
  }
  return tokens + countTokens(at === 0 ? text : text.slice(at), plain)
}
