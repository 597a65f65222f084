// Builds the desktop app into build/desktop: the main process, its preload script and the window beside them.
// Usage: node build/desktop.mjs; nothing happens while the sources are what was built.
import fs from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { build } from 'vite'
import { root, stamp } from './doors.mjs'
import { workerChunks } from './worker-chunks.mjs'

const desktopFolder = path.join(root, 'build', 'desktop')

const sources = [
  'src-core',
  'electron',
  'renderer',
  'package.json',
  'package-lock.json',
  'build/desktop.mjs',
  'build/worker-chunks.mjs',
]
const common = { configFile: false, root, logLevel: 'error', ssr: { noExternal: true, target: 'node' } }
const work = `${desktopFolder}.${process.pid}`
const node = { ssr: true, outDir: work, emptyOutDir: false, target: 'node24', minify: false }

const stampFile = path.join(desktopFolder, 'stamp')

const now = stamp(sources)
if (!isBuilt()) {
  await Promise.all([main(), preload(), window()])
  fs.writeFileSync(path.join(work, 'stamp'), now)
  // another process may have built the same meanwhile, and its app may be running
  if (isBuilt()) fs.rmSync(work, { recursive: true })
  else {
    fs.rmSync(desktopFolder, { recursive: true, force: true })
    fs.renameSync(work, desktopFolder)
  }
}

function isBuilt() {
  return fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === now
}

function main() {
  return build({
    ...common,
    plugins: [workerChunks],
    build: {
      ...node,
      rolldownOptions: {
        input: { main: path.join(root, 'electron', 'main.ts') },
        external: ['electron', ...builtinModules, /^node:/, '@napi-rs/keyring'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
}

/** A sandboxed preload script is one CommonJS file. */
function preload() {
  return build({
    ...common,
    build: {
      ...node,
      rolldownOptions: {
        input: path.join(root, 'electron', 'preload.ts'),
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
      },
    },
  })
}

function window() {
  const renderer = path.join(root, 'renderer')
  return build({
    configFile: path.join(renderer, 'vite.config.ts'),
    root: renderer,
    logLevel: 'error',
    build: { outDir: path.join(work, 'window'), emptyOutDir: true },
  })
}
