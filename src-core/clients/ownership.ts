import path from 'node:path'
import { z } from 'zod'
import { ConnectError } from './connect-error.ts'
import { makeFolder, readTextFile, removeTextFile, writeTextFile } from './text-file.ts'

const ownedKey = z.object({
  key: z.string(),
  /** What stood there before us, exactly as written; null when the key was absent. */
  before: z.string().nullable(),
  value: z.string(),
  /** How many levels of a nested key were there before us. */
  keptDepth: z.number().int().min(0),
})

const ownedFile = z.object({
  path: z.string(),
  existed: z.boolean(),
  createdFolder: z.boolean(),
  /** Fingerprint of the text we left; while it matches, `edits` reversed give back the exact text before us. */
  left: z.string(),
  edits: z.array(z.object({ offset: z.number().int(), removed: z.string(), inserted: z.string() })).optional(),
  keys: z.array(ownedKey),
})

const record = z.object({ version: z.literal(1), files: z.array(ownedFile) })

export type OwnedKey = z.infer<typeof ownedKey>
export type OwnedFile = z.infer<typeof ownedFile>

/** What we set in a client's files and what stood there before: the whole knowledge an undo needs, and no more. */
export async function readOwnership(recordPath: string): Promise<OwnedFile[]> {
  const { text } = await readTextFile(recordPath)
  if (text === undefined) return []
  try {
    return record.parse(JSON.parse(text)).files
  } catch (cause) {
    throw new ConnectError(
      `${recordPath} cannot be understood, so Patchbay does not know which settings are its own. ` +
        'Restore the file, or remove it and take the settings back from the backups beside them.',
      { cause },
    )
  }
}

export async function writeOwnership(recordPath: string, files: OwnedFile[]): Promise<void> {
  const before = await readTextFile(recordPath)
  if (files.length === 0) {
    if (before.text !== undefined) await removeTextFile(before)
    return
  }
  await makeFolder(path.dirname(recordPath))
  await writeTextFile(before, `${JSON.stringify({ version: 1, files }, null, 2)}\n`)
}
