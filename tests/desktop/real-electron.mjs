// The specs in a real Electron, whose binary the electron package fetches when it is first asked for.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

createRequire(import.meta.url)('electron')
const { status } = spawnSync('npx', ['playwright', 'test', '-c', 'tests/desktop', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, PATCHBAY_REAL_ELECTRON: '1' },
})
process.exitCode = status ?? 1
