// Preloaded before everything else: whoever asks for `electron` gets the stand-in.
const { registerHooks, syncBuiltinESMExports } = require('node:module')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const threads = require('node:worker_threads')

const url = pathToFileURL(path.join(__dirname, 'electron.ts')).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url, format: 'module-typescript', shortCircuit: true } : next(specifier, context),
})
process.type = 'browser'

// Node preloads once more in every thread; Electron does not, and a second stand-in would bring a second browser.
const { Worker } = threads
threads.Worker = class extends Worker {
  constructor(file, options) {
    super(file, { execArgv: [], ...options })
  }
}
syncBuiltinESMExports()
