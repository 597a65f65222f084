/** One change to a text. A list of edits is sequential: each offset counts in the text the edits before it left. */
export interface Edit {
  offset: number
  removed: string
  inserted: string
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, edit) => splice(current, edit.offset, edit.removed.length, edit.inserted), text)
}

export function revertEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduceRight((current, edit) => splice(current, edit.offset, edit.inserted.length, edit.removed), text)
}

function splice(text: string, offset: number, length: number, inserted: string): string {
  return text.slice(0, offset) + inserted + text.slice(offset + length)
}
