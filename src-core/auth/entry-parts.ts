import { createHash } from 'node:crypto'

/** Windows takes 2,560 bytes an entry. */
export const largestEntry = 2400

/** What the first entry of a split value says: how many more there are, and the fingerprint they must add up to. */
interface Parts {
  count: number
  fingerprint: string
}

const headPattern = /^patchbay-parts (\d{1,6}) ([0-9a-f]{16})$/

/**
 * A value as entries: itself where it fits, else numbered parts and a head that names them. Parts of another value have
 * other names, so that writing the head last changes the whole value at once.
 */
export function toEntries(name: string, value: string): { head: string; parts: { entry: string; value: string }[] } {
  if (Buffer.byteLength(value) <= largestEntry && !headPattern.test(value)) return { head: value, parts: [] }
  const pieces = cut(value)
  const parts = { count: pieces.length, fingerprint: fingerprintOf(value) }
  const names = partNames(name, parts)
  return {
    head: `patchbay-parts ${parts.count} ${parts.fingerprint}`,
    parts: pieces.map((piece, index) => ({ entry: names[index]!, value: piece })),
  }
}

/** Undefined when the head is the value itself. */
export function partsIn(head: string): Parts | undefined {
  const [, count, fingerprint] = headPattern.exec(head) ?? []
  return count === undefined ? undefined : { count: Number(count), fingerprint: fingerprint! }
}

/** No name of a user's has a space. */
export function partNames(name: string, { count, fingerprint }: Parts): string[] {
  return Array.from({ length: count }, (_, index) => `${name} part ${index + 1} of ${fingerprint}`)
}

/** Undefined when a part is missing or another's. */
export function joined(pieces: readonly (string | undefined)[], { fingerprint }: Parts): string | undefined {
  const value = pieces.join('')
  return fingerprintOf(value) === fingerprint ? value : undefined
}

function fingerprintOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16)
}

function cut(value: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let size = 0
  for (const character of value) {
    const bytes = Buffer.byteLength(character)
    if (size + bytes > largestEntry) {
      pieces.push(piece)
      piece = ''
      size = 0
    }
    piece += character
    size += bytes
  }
  return [...pieces, piece]
}
