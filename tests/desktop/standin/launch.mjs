// Turns Electron's command line (-r loader.js --inspect=0 [switches] app [arguments]) into one of Node's.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const nodeArgs = []
const rest = []
let app
const given = process.argv.slice(2)
for (let index = 0; index < given.length; index += 1) {
  const argument = given[index]
  if (argument === '-r') nodeArgs.push('-r', given[++index])
  else if (argument.startsWith('--inspect')) nodeArgs.push(argument)
  else {
    // as Electron has it: [executable, app, arguments …]
    if (!argument.startsWith('-') && app === undefined) {
      app = path.resolve(argument)
      rest.unshift(argument)
    } else rest.push(argument)
  }
}
const { main } = JSON.parse(fs.readFileSync(path.join(app, 'package.json'), 'utf8'))
const register = path.join(import.meta.dirname, 'register.cjs')
// Node takes the script's name for itself
const child = spawn(process.execPath, ['-r', register, ...nodeArgs, path.join(app, main), ...rest.slice(1)], {
  stdio: 'inherit',
  env: { ...process.env, STANDIN_APP: app },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
