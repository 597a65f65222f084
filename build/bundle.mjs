// Bundles the command-line doors (serve, connect …) with everything they need, one file each plus lazy
// chunks: a start reads few files and strips no types. The window goes beside them, into window/. Usage: node build/bundle.mjs [folder]
import fs from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { build } from 'vite'
import { doors, outFolder, root, stamp } from './doors.mjs'
import { workerChunks } from './worker-chunks.mjs'

const target = process.argv[2] ?? path.join(outFolder, stamp())
const work = `${target}.${process.pid}`

await build({
  configFile: false,
  root,
  logLevel: 'error',
  plugins: [workerChunks],
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: work,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(doors.map((door) => [door, path.join(root, 'cli', `${door}.ts`)])),
      // native: it stays where npm put it
      external: [...builtinModules, /^node:/, '@napi-rs/keyring'],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
await build({
  configFile: path.join(root, 'renderer', 'vite.config.ts'),
  root: path.join(root, 'renderer'),
  logLevel: 'error',
  build: { outDir: path.join(work, 'window') },
})
fs.writeFileSync(path.join(work, 'package.json'), '{ "type": "module" }\n')
try {
  fs.renameSync(work, target)
} catch (error) {
  // Another process built the same sources meanwhile: its result is as good.
  if (!fs.existsSync(path.join(target, 'package.json'))) throw error
  fs.rmSync(work, { recursive: true, force: true })
}
// Older bundles may still be running; the newest few stay.
for (const name of fs
  .readdirSync(outFolder)
  .map((entry) => path.join(outFolder, entry))
  .sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs)
  .slice(4)) {
  fs.rmSync(name, { recursive: true, force: true })
}
