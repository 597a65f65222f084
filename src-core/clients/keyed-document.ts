import type { Edit } from './edit.ts'

/** A settings text of which we own single keys. Every change is an edit, so everything else keeps its bytes. */
export interface KeyedDocument {
  /** Throws a ConnectError with line and column when the text is not what its client would accept. */
  check(text: string, path: string): void
  find(text: string, key: string): Found | undefined
  /** How many levels of a nested key are there already. */
  depth(text: string, key: string): number
  set(text: string, key: string, value: string): Edit[]
  /** Puts back a value exactly as it once stood there. The key must exist. */
  setRaw(text: string, key: string, raw: string): Edit[]
  /** Removes the key and what became empty with it, down to `keptDepth` levels. */
  remove(text: string, key: string, keptDepth: number): Edit[]
  /** Nothing is left that a user could miss. */
  isEmpty(text: string): boolean
  /** The same text, line for line, with every secret hidden. */
  mask(text: string, known: ReadonlyMap<string, string>): string
}

interface Found {
  value: unknown
  raw: string
}

export function lineEnding(text: string): string {
  const crlf = text.split('\r\n').length - 1
  const lf = text.split('\n').length - 1 - crlf
  return crlf > lf ? '\r\n' : '\n'
}

export function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** Hides a value without changing how many lines it takes. A value we know gets its name instead. */
export function hidden(value: string, known: ReadonlyMap<string, string>): string {
  const named = known.get(value)
  if (named !== undefined) return named
  return value.replace(/[^\r\n]+/g, '<hidden>')
}

export function replaceKnown(text: string, known: ReadonlyMap<string, string>): string {
  let shown = text
  for (const [secret, name] of known) if (secret !== '') shown = shown.replaceAll(secret, name)
  return shown
}
