// Runs a command of cli/: builds its bundle first when the sources changed. Usage: node build/run.mjs serve [flags]
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import module from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { doors, outFolder, root, stamp } from './doors.mjs'

const [command, ...argv] = process.argv.slice(2)
if (!doors.includes(command)) {
  console.error(`Usage: node build/run.mjs <${doors.join(' | ')}> [flags]`)
  process.exit(2)
}
module.enableCompileCache?.(path.join(root, 'node_modules', '.cache', 'patchbay'))

const folder = path.join(outFolder, stamp())
if (!fs.existsSync(path.join(folder, 'package.json'))) {
  // In a process of its own: the build's memory must not stay with the gateway.
  const built = spawnSync(process.execPath, [path.join(root, 'build', 'bundle.mjs'), folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (built.status !== 0) {
    console.error('Patchbay could not be built. Run `npm ci` and try again.')
    process.exit(1)
  }
}
const { main } = await import(pathToFileURL(path.join(folder, `${command}.js`)).href)
const code = await main(argv)
if (code !== undefined) process.exitCode = code
