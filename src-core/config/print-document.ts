import { isDeepStrictEqual } from 'node:util'
import { type Document, parseDocument } from 'yaml'
import { pairLines } from './pair-lines.ts'

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
 * New lines take the indentation of their neighbours; what we print in other lines than the user did (folded texts)
 * is left alone too, as long as the change is elsewhere.
 */
function patch(texts: { original: string; before: string; after: string }): string {
  const original = texts.original.split('\n')
  const places = original.flatMap((line, place) => (isBlank(line) ? [] : [place]))
  const [before, after] = [written(texts.before), written(texts.after)]
  const pairs = pairLines(
    before,
    places.map((place) => original[place]!),
  )
  /** Where the user wrote what we print as line `index`. */
  const placeOf = (index: number) => places[pairs.get(index) ?? -1]

  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  while (start > 0 && placeOf(start - 1) === undefined) start--
  while (end > 0 && placeOf(before.length - end) === undefined) end--

  const kept = start === 0 ? 0 : placeOf(start - 1)! + 1
  const lastReplaced = before.length - end - 1
  const rest = restFrom()
  function restFrom(): number {
    if (lastReplaced < start) return kept // nothing replaced, only put in
    const place = placeOf(lastReplaced)
    if (place !== undefined) return place + 1
    return end > 0 ? placeOf(lastReplaced + 1)! : original.length
  }
  const fresh = after.slice(start, after.length - end).map((line) => {
    const like = nearestLike(before, indentOf(line), start, placeOf)
    return like === undefined ? line : ' '.repeat(indentOf(original[like]!)) + line.trimStart()
  })
  return [...original.slice(0, kept), ...fresh, ...original.slice(rest)].join('\n')
}

/** The place of the nearest line with this indentation as we print it. */
function nearestLike(
  lines: readonly string[],
  indent: number,
  from: number,
  placeOf: (index: number) => number | undefined,
): number | undefined {
  for (let distance = 0; distance < lines.length; distance++) {
    for (const index of [from - distance, from + distance]) {
      const line = lines[index]
      const place = line !== undefined && indentOf(line) === indent ? placeOf(index) : undefined
      if (place !== undefined) return place
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
