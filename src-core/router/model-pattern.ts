/** A test for one mapping pattern: `*` stands for any text, none included. Linear in the name, whatever the pattern. */
export function modelPattern(pattern: string): (name: string) => boolean {
  const pieces = pattern.split('*')
  if (pieces.length === 1) return (name) => name === pattern
  const head = pieces[0]!
  const tail = pieces.at(-1)!
  const inner = pieces.slice(1, -1).filter((piece) => piece !== '')
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false
    let from = head.length
    const end = name.length - tail.length
    for (const piece of inner) {
      const at = name.indexOf(piece, from)
      if (at === -1 || at + piece.length > end) return false
      from = at + piece.length
    }
    return true
  }
}
