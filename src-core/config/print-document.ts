import { isDeepStrictEqual } from 'node:util'
import { type Document, parseDocument } from 'yaml'

/**
 * An edited document as text, with the rest of the user's text as it was: comments, order, and, wherever lines can
 * be told apart, every space. `original` is the text the document was parsed from.
 */
export function printDocument(document: Document, original: string): string {
  const json = asJson(document, original)
  if (json !== undefined) return json
  const newline = original.includes('\r\n') ? '\r\n' : '\n'
  const style = { lineWidth: 0, ...indentation(original) }
  const before = parseDocument(original, { merge: true, uniqueKeys: false }).toString(style)
  const after = document.toString(style)
  const patched = patch({ original: original.replaceAll('\r\n', '\n'), before, after })
  return (says(patched, document) ? patched : after).replaceAll('\n', newline)
}

/**
 * The original with the lines that differ between `before` and `after` (both printed by us) put in their place.
 * Lines are paired by their order, blank ones left aside, and new lines take the indentation of their neighbours.
 */
function patch(texts: { original: string; before: string; after: string }): string {
  const original = texts.original.split('\n')
  const places = original.flatMap((line, place) => (isBlank(line) ? [] : [place]))
  const [before, after] = [written(texts.before), written(texts.after)]
  if (places.length !== before.length) return texts.after
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const fresh = after.slice(start, after.length - end).map((line) => {
    const like = nearestWithIndent(before, indentOf(line), start)
    return like === undefined ? line : ' '.repeat(indentOf(original[places[like]!]!)) + line.trimStart()
  })
  const kept = start === 0 ? 0 : places[start - 1]! + 1
  const lastReplaced = before.length - end - 1
  const rest = lastReplaced < start ? kept : places[lastReplaced]! + 1
  return [...original.slice(0, kept), ...fresh, ...original.slice(rest)].join('\n')
}

function nearestWithIndent(lines: readonly string[], indent: number, from: number): number | undefined {
  for (let distance = 0; distance < lines.length; distance++) {
    for (const index of [from - distance, from + distance]) {
      const line = lines[index]
      if (line !== undefined && indentOf(line) === indent) return index
    }
  }
  return undefined
}

const isBlank = (line: string) => line.trim() === ''
const written = (text: string) => text.split('\n').filter((line) => !isBlank(line))
const indentOf = (line: string) => line.length - line.trimStart().length

function says(text: string, document: Document): boolean {
  const read = parseDocument(text, { merge: true, uniqueKeys: false, logLevel: 'silent' })
  return read.errors.length === 0 && isDeepStrictEqual(read.toJS(), document.toJS())
}

function indentation(text: string): { indent: number; indentSeq: boolean } {
  const nested = /^[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*( +)[^\s#-]/m.exec(text)
  const flush = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n\1- /m.test(text)
  return { indent: Math.min(8, nested?.[1]?.length ?? 2), indentSeq: !flush }
}

function asJson(document: Document, original: string): string | undefined {
  if (!/^\s*\{/.test(original)) return undefined
  try {
    JSON.parse(original)
  } catch {
    return undefined // a flow mapping with comments or bare words: YAML all the same
  }
  const indent = /^\{\s*\n([ \t]+)/.exec(original)?.[1]
  return (
    JSON.stringify(document.toJS(), null, indent ?? (original.trim().includes('\n') ? 2 : undefined)) +
    (original.endsWith('\n') ? '\n' : '')
  )
}
