import fs from 'node:fs'
import path from 'node:path'

/** All that lies in a folder, to be searched. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await fs.promises.readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries.map((entry) =>
      entry.isFile() ? fs.promises.readFile(path.join(entry.parentPath, entry.name), 'utf8') : '',
    ),
  )
}
