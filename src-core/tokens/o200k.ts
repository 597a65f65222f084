import words from './o200k.json' with { type: 'json' }
import { createVocabulary, type Vocabulary } from './vocabulary.ts'

let vocabulary: Vocabulary | undefined

/** The vocabulary of o200k_base, unpacked on first use. Written by build/token-vocabulary.mjs. */
export function o200k(): Vocabulary {
  vocabulary ??= createVocabulary(Buffer.from(words.filter, 'base64'))
  return vocabulary
}
