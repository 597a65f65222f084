const escapes = /\\(?:u([0-9a-fA-F]{4})|([bfnrt])|(.))/g
const white: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** The text behind the inside of a JSON string, or of a piece of one. */
export function unescaped(inside: string): string {
  if (!inside.includes('\\')) return inside
  return inside.replace(escapes, (_, hex?: string, name?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return name === undefined ? (other ?? '') : white[name]!
  })
}
