/** The value whose name is meant: the name itself, else the pattern (`*` is any text) with the most letters of its own. */
export function longestMatch<T>(byPattern: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  if (!byPattern) return undefined
  if (Object.hasOwn(byPattern, name)) return byPattern[name]
  const wanted = name.toLowerCase()
  let best: T | undefined
  let bestLength = -1
  for (const [pattern, value] of Object.entries(byPattern)) {
    const length = pattern.replaceAll('*', '').length
    if (length > bestLength && matches(pattern.toLowerCase().split('*'), wanted)) {
      best = value
      bestLength = length
    }
  }
  return best
}

/** Linear in the name, whatever the pattern. */
function matches(pieces: string[], name: string): boolean {
  const head = pieces[0]!
  const tail = pieces.at(-1)!
  if (pieces.length === 1) return name === head
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false
  let from = head.length
  const end = name.length - tail.length
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from)
    if (at < 0 || at + piece.length > end) return false
    from = at + piece.length
  }
  return true
}
