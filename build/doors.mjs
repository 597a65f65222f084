import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '..')
export const outFolder = path.join(root, 'build', 'out')

/** The commands in cli/, each a file that exports `main(argv)`. */
export const doors = ['serve', 'connect', 'secret', 'route', 'doctor']

const doorSources = [
  'src-core',
  'cli',
  'renderer',
  'package.json',
  'package-lock.json',
  'build/bundle.mjs',
  'build/doors.mjs',
  'build/worker-chunks.mjs',
]

/** A name for the sources as they are now: any edit gives another one. */
export function stamp(watched = doorSources) {
  const hash = createHash('sha256')
  const visit = (name) => {
    const stat = fs.statSync(name, { throwIfNoEntry: false })
    if (!stat) return
    if (stat.isDirectory()) for (const entry of fs.readdirSync(name).sort()) visit(path.join(name, entry))
    else hash.update(`${name}\0${stat.mtimeMs}\0${stat.size}\n`)
  }
  for (const name of watched) visit(path.join(root, name))
  return hash.digest('hex').slice(0, 16)
}
