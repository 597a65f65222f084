// `npm start`: builds what is stale and opens the desktop app. Where that cannot be, it says so in one line and goes on
// as `npm run serve`, with the control panel in a browser.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { desktopHurdle } from './desktop-hurdle.mjs'
import { root } from './doors.mjs'

const argv = process.argv.slice(2)
/** Flags that ask for the gateway alone. */
const servesOnly = argv.some((flag) => ['--help', '-h', '--no-control'].includes(flag))

if (servesOnly) await serve()
else {
  const { platform, env } = process
  const hurdle = desktopHurdle({ platform, env, root: process.getuid?.() === 0, argv, fetchBinary })
  if (hurdle) await serve(hurdle)
  else await openDesktop()
}

function serve(because) {
  // stderr: a program reading stdout gets JSON lines and nothing else
  if (because) console.error(`${because}: going on as \`npm run serve\`.`)
  const flags = argv.filter((flag) => !['--hidden', '--no-sandbox'].includes(flag))
  process.argv = [process.execPath, path.join(root, 'build', 'run.mjs'), 'serve', ...flags]
  return import('./run.mjs')
}

async function openDesktop() {
  await import('./desktop.mjs')
  const program = createRequire(import.meta.url)('electron')
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const app = spawn(program, [root, ...argv], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => app.kill(signal))
  app.on('error', ({ message }) => void serve(`Electron cannot be started (${message})`))
  app.on('exit', (code) => {
    // the loader's own: a library of the system is missing
    if (code === 127) void serve('Electron cannot be started, a library of the system is missing')
    else process.exitCode = code ?? 1
  })
}

/** Electron comes without its program, which is fetched when first wanted. */
function fetchBinary() {
  const electron = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const pathFile = path.join(electron, 'path.txt')
  if (fs.existsSync(pathFile) && fs.existsSync(path.join(electron, 'dist', fs.readFileSync(pathFile, 'utf8'))))
    return undefined
  if (process.stderr.isTTY) process.stderr.write('Getting Electron, once …\r')
  const { status, stderr } = spawnSync(process.execPath, [path.join(electron, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status === 0) return undefined
  return /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? `its installer ended with ${status}`
}
