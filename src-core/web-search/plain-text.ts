/** Far more than is kept of any text, so that a page of megabytes costs nothing. */
const looseness = 8

/** What a reader of the page would see: no tags, no entities, no characters that show nothing, and an end. */
export function plainText(text: string, most: number): string {
  const plain = text
    .slice(0, most * looseness)
    .replace(/<(script|style)\b[^<>]*>[^<]*<\/\1>/gi, ' ')
    .replace(/<!--[^<>]*-->|<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => entity(name.toLowerCase()) ?? whole)
    .replace(invisible, '')
    .replace(/[ \t\u00A0]+/g, ' ')
    .replace(/ ?\n ?(?:\n ?)*/g, '\n')
    .trim()
    .toWellFormed()
  if (plain.length <= most) return plain
  const kept = plain.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept.trimEnd()}…`
}

/** Controls, overrides of the writing direction, and the tags of plane 14: places where words can hide. */
const invisible = /(?![\t\n])\p{Cc}|[\u00AD\u200B\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(named, name) ? named[name] : undefined
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
