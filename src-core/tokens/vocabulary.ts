/**
 * The words of a tokenizer as a Bloom filter: 300 KB in place of tens of megabytes, and a look-up is a few bits.
 * It never denies a word that is one; about 1 of 300 strings that are none passes for one.
 */
export interface Vocabulary {
  /** The length of the longest word that begins at `from` and ends at `to` at most; 0 when there is none. */
  longestWord(text: string, from: number, to: number): number
}

const probes = 8
/** Longer words are rows of dashes and the like. */
export const longestWordLength = 32
/** From here on, nearly all of writing is a word to each character or two. */
const firstIdeograph = 0x2e80

export function createVocabulary(filter: Uint8Array): Vocabulary {
  const bits = filter.length * 8
  const has = (hash: number): boolean => {
    const step = stepOf(hash)
    let at = hash
    for (let probe = 0; probe < probes; probe++) {
      const bit = at % bits
      if ((filter[bit >>> 3]! & (1 << (bit & 7))) === 0) return false
      at = (at + step) >>> 0
    }
    return true
  }
  return {
    longestWord(text, from, to) {
      const end = Math.min(to, from + longestWordLength)
      let hash = seed
      let longest = 0
      // A word nearly always begins with one a little shorter; looking further would only find what is none.
      const patience = text.charCodeAt(from) < firstIdeograph ? 6 : 3
      for (let length = 1; from + length <= end && length - longest <= patience; length++) {
        hash = hashNext(hash, text.charCodeAt(from + length - 1))
        if (has(hash)) longest = length
      }
      return longest
    },
  }
}

/** The filter for a list of words; run by the build, once for each tokenizer. */
export function vocabularyFilter(words: Iterable<string>, bytes: number): Uint8Array {
  const filter = new Uint8Array(bytes)
  for (const word of words) {
    let hash = seed
    for (let at = 0; at < word.length; at++) hash = hashNext(hash, word.charCodeAt(at))
    const step = stepOf(hash)
    for (let probe = 0; probe < probes; probe++) {
      const bit = hash % (bytes * 8)
      filter[bit >>> 3]! |= 1 << (bit & 7)
      hash = (hash + step) >>> 0
    }
  }
  return filter
}

/** FNV-1a: the hashes of all beginnings of a word come on the way to its own. */
const seed = 0x811c9dc5

function hashNext(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193) >>> 0
}

function stepOf(hash: number): number {
  return (Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) | 1) >>> 0
}
