// Writes src-core/tokens/o200k.json, the words of o200k_base as a Bloom filter: `node build/token-vocabulary.mjs`.
import fs from 'node:fs'
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base'
import { longestWordLength, vocabularyFilter } from '../src-core/tokens/vocabulary.ts'

/** Twelve bits a word. */
const filterBytes = 300_000

// What is no string is a piece of a character.
const words = ranks.filter((word) => typeof word === 'string' && word.length <= longestWordLength)
const filter = Buffer.from(vocabularyFilter(words, filterBytes)).toString('base64')
const file = new URL('../src-core/tokens/o200k.json', import.meta.url)
fs.writeFileSync(file, `${JSON.stringify({ from: 'o200k_base of gpt-tokenizer (MIT)', filter }, null, 2)}\n`)
