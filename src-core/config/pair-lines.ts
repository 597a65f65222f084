const mostComparisons = 4_000_000

/**
 * Which line of `left` is which of `right`, spaces aside: their longest common run in order. Lines the two do not
 * share, and all of them when there are far too many, have no partner.
 */
export function pairLines(left: readonly string[], right: readonly string[]): Map<number, number> {
  const [a, b] = [left, right].map((lines) => lines.map((line) => line.replace(/\s+/g, '')))
  const pairs = new Map<number, number>()
  let start = 0
  while (start < Math.min(a!.length, b!.length) && a![start] === b![start]) {
    pairs.set(start, start)
    start++
  }
  const rows = a!.length - start
  const columns = b!.length - start
  if (rows * columns > mostComparisons) return pairs
  const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1))
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const same = a![start + i] === b![start + j]
      longest[i]![j] = same ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!)
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a![start + i] === b![start + j]) pairs.set(start + i++, start + j++)
    else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++
    else j++
  }
  return pairs
}
