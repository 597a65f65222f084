import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'
import { formatPath, type Path, type Problem } from './problem.ts'

/** A config is read no deeper. */
export const deepest = 64

/** Each problem with its line: where its key stands, or the nearest around it that stands in the file. */
export function withLines(problems: readonly Problem[], document: Document, lines: LineCounter): Problem[] {
  const known = linesOf(document, lines)
  return problems.map((problem) => {
    const line = nearest(problem.path, known)
    return line === undefined ? problem : { ...problem, line }
  })
}

function nearest(path: string, known: ReadonlyMap<string, number>): number | undefined {
  for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) {
    const line = known.get(path.slice(0, end))
    if (line !== undefined) return line
  }
  return undefined
}

/** Of each path that is written out; what an alias stands for has the line of the alias. */
function linesOf(document: Document, lines: LineCounter): Map<string, number> {
  const known = new Map<string, number>()

  function note(path: Path, { range }: Node): void {
    if (range) known.set(formatPath(path), lines.linePos(range[0]).line)
  }

  function walk(node: unknown, path: Path): void {
    if (path.length > deepest) return
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (!isScalar(key) || typeof key.value === 'symbol') continue
        const at = [...path, String(key.value)]
        note(at, key)
        walk(value, at)
      }
    } else if (isSeq<Node>(node)) {
      for (const [index, item] of node.items.entries()) {
        note([...path, index], item)
        walk(item, [...path, index])
      }
    }
  }

  walk(document.contents, [])
  return known
}
