/**
 * Tokens in a text, estimated by what its characters are: one walk, no table of words. Words cost by
 * their length, spaces before a word nothing, other scripts by the character.
 */
export function estimateText(text: string): number {
  let tokens = 0
  let at = 0
  while (at < text.length) {
    const kind = kindOf(text.charCodeAt(at))
    let end = at + 1
    while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end += 1
    const length = end - at
    if (kind === letter) tokens += wordTokens(text, at, end)
    else if (kind === digit) tokens += Math.ceil(length / 3)
    else if (kind === space) tokens += length === 1 ? 0 : 0.5
    else if (kind === newline) tokens += 0.7
    else if (kind === mark) tokens += length === 1 ? 0.85 : 0.65 + length * 0.17
    else tokens += length * (perCharacter[kind] ?? 1)
    at = end
  }
  return tokens
}

const letter = 0
const digit = 1
const space = 2
const newline = 3
const mark = 4
const latin = 5
const alphabet = 6
const ideograph = 7
const syllable = 8
const rare = 9

const perCharacter: Readonly<Record<number, number>> = {
  [latin]: 0.9,
  [alphabet]: 0.36,
  [ideograph]: 0.75,
  [syllable]: 0.75,
  [rare]: 1,
}

function kindOf(code: number): number {
  if (code < 0x80) return asciiKinds[code]!
  if (code < 0x250) return latin
  if (code < 0x1000) return alphabet
  if (code >= 0x3040 && code < 0x3100) return syllable
  if (code >= 0x3100 && code < 0xa000) return ideograph
  if (code >= 0xac00 && code < 0xd7b0) return syllable
  return rare
}

const asciiKinds = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/[A-Za-z]/.test(character)) return letter
  if (/[0-9]/.test(character)) return digit
  if (character === ' ' || character === '\t') return space
  if (character === '\n' || character === '\r') return newline
  return mark
})

/** Names in camelCase break at their humps; long words break about every six letters after the first eight. */
function wordTokens(text: string, from: number, to: number): number {
  let tokens = 0
  let start = from
  for (let at = from + 1; at <= to; at += 1) {
    const hump = at < to && text.charCodeAt(at) < 0x5b && text.charCodeAt(at - 1) >= 0x61
    if (at < to && !hump) continue
    const length = at - start
    tokens += length <= 8 ? 1 : 1 + (length - 8) / 6
    start = at
  }
  return tokens
}
