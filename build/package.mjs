// Packs the desktop app for the systems named: `npm run package -- --linux`; further flags are electron-builder's.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { root } from './doors.mjs'

await import('./icons.mjs')
await import('./desktop.mjs')
const config = path.join(root, 'build', 'electron-builder.yml')
const flags = ['electron-builder', '--config', config, '--publish', 'never', ...process.argv.slice(2)]
const { status } = spawnSync('npx', flags, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
process.exitCode = status ?? 1
