// Writes src-core/tokens/o200k.json, the words of o200k_base as a Bloom filter: `node build/token-vocabulary.mjs`.
import fs from 'node:fs'
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base'
import { longestWordLength, vocabularyFilter } from '../src-core/tokens/vocabulary.ts'

/** Twelve bits a word. */
const filterBytes = 300_000
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A word that is no whole text, such as half a character, is of no use to who looks texts up. */
function textOf(word) {
  if (typeof word === 'string') return word
  try {
    return decoder.decode(Uint8Array.from(word))
  } catch {
    return undefined
  }
}

const words = ranks.map(textOf).filter((word) => word !== undefined && word.length <= longestWordLength)
const filter = Buffer.from(vocabularyFilter(words, filterBytes)).toString('base64')
const file = new URL('../src-core/tokens/o200k.json', import.meta.url)
fs.writeFileSync(
  file,
  `${JSON.stringify({ from: 'o200k_base of gpt-tokenizer (MIT)', words: words.length, filter }, null, 2)}\n`,
)
