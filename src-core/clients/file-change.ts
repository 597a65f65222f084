import { backUp } from './backup.ts'
import { unifiedDiff } from './diff.ts'
import type { KeyedDocument } from './keyed-document.ts'
import type { OwnedFile } from './ownership.ts'
import { fingerprint, removeTextFile, type TextFile, writeTextFile } from './text-file.ts'

/** What is about to happen to one file. */
export interface Change {
  file: TextFile
  document: KeyedDocument
  /** undefined: the file goes. */
  after: string | undefined
  owned?: OwnedFile
  /** The user never had this file and never wrote to it: no backup is due. */
  onlyOurs: boolean
}

/** Every file or none: a failure puts back what was already written. */
export async function writeAll(changes: readonly Change[], now: Date): Promise<(string | undefined)[]> {
  const backups: (string | undefined)[] = []
  const written: Change[] = []
  try {
    for (const change of changes) {
      backups.push(change.onlyOurs ? undefined : await backUp(change.file, now))
      if (change.after === undefined) await removeTextFile(change.file)
      else await writeTextFile(change.file, change.after)
      written.push(change)
    }
    return backups
  } catch (cause) {
    for (const { file, after } of written.reverse()) {
      const current = { ...file, text: after }
      if (file.text === undefined) await removeTextFile(current)
      else await writeTextFile(current, file.text)
    }
    throw cause
  }
}

export function isOnlyOurs(owned: OwnedFile | undefined, text: string): boolean {
  return owned !== undefined && !owned.existed && owned.left === fingerprint(text)
}

export function isChanged({ file, after }: Change): boolean {
  return file.text !== after
}

export function diffOf({ file, document, after }: Change, known: ReadonlyMap<string, string>): string {
  const side = (text: string | undefined) =>
    text === undefined ? undefined : { text, masked: document.mask(text, known) }
  return unifiedDiff(file.path, side(file.text), side(after))
}
