import { type Document, parseDocument } from 'yaml'

/** One edit of the config, named for the one who made it. It is done again when the text below it changes. */
export interface Change {
  label: string
  edit(document: Document): void
}

/** The user's own text with the changes in it, comments and order kept. */
export function draftText(text: string, changes: readonly Change[]): string {
  if (changes.length === 0) return text
  const document = parseDocument(text)
  for (const { edit } of changes) edit(document)
  return document.toString({ lineWidth: 0 })
}
