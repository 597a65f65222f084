export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** What changed between two texts, line by line, with `around` unchanged lines beside each change. */
export function lineDiff(before: string, after: string, around = 2): DiffLine[] {
  const all = allLines(before.split('\n'), after.split('\n'))
  const near = (index: number) =>
    all.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same')
  return all.filter((line, index) => line.kind !== 'same' || near(index))
}

/** The longest common subsequence of the middle; what is equal at both ends costs nothing. */
function allLines(before: string[], after: string[]): DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

function middle(before: string[], after: string[]): DiffLine[] {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!)
    }
  }
  const lines: DiffLine[] = []
  let [row, column] = [0, 0]
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      lines.push({ kind: 'same', text: before[row]! })
      row += 1
      column += 1
    } else if (
      row < before.length &&
      (column === after.length || lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!)
    ) {
      lines.push({ kind: 'removed', text: before[row]! })
      row += 1
    } else {
      lines.push({ kind: 'added', text: after[column]! })
      column += 1
    }
  }
  return lines
}

const kinds: Record<string, DiffLine['kind']> = { '+': 'added', '-': 'removed', ' ': 'same' }

/** A unified diff as the gateway writes it, line by line, without its two lines of names and its places. */
export function readDiff(diff: string): DiffLine[] {
  return diff
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const kind = kinds[line.charAt(0)]
      return kind ? [{ kind, text: line.slice(1) }] : []
    })
}
