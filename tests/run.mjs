// The whole test suite, as `npm test`. Ends with a line `N passed, N failed` (`, N skipped` may follow) and
// exits with 1 when anything failed. With PATCHBAY_CHECKED=FILE the report of an `npm run check` that went
// well just before (PATCHBAY_REPORT=FILE) is counted and not run again.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findChromium } from './helpers/find-chromium.mjs'

const root = path.resolve(import.meta.dirname, '..')
if (!fs.existsSync(path.join(root, 'node_modules', 'vitest'))) {
  console.error('The dependencies are missing: run `npm ci` first.')
  process.exit(1)
}

const checks = ['check:types', 'check:style', 'check:unused']
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-tests-'))
const total = { passed: 0, failed: 0, skipped: 0 }
const count = (more) => {
  for (const key of Object.keys(total)) total[key] += more[key] ?? 0
}

// The environment some tests need takes minutes to make; it is made while the others run.
const preparing = run('node', ['tests/helpers/litellm-venv.ts'])

const checked = readReport(process.env.PATCHBAY_CHECKED)
if (checked) {
  count({ passed: checks.length })
  count(checked)
} else {
  for (const check of checks)
    count((await run('npm', ['run', '--silent', check])) === 0 ? { passed: 1 } : { failed: 1 })
  count(await project('unit'))
}
count(await project('e2e'))
count(await specs('window'))

await preparing
fs.rmSync(folder, { recursive: true, force: true })
const { passed, failed, skipped } = total
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      resolve(127)
    })
    child.on('close', (exit) => resolve(exit ?? 128))
  })
}

async function project(name) {
  const report = path.join(folder, `${name}.json`)
  const code = await run('npx', ['vitest', 'run', '--project', name], { PATCHBAY_REPORT: report })
  const told = readReport(report) ?? { failed: 1 }
  // an error outside of any test fails the run, too
  return code !== 0 && told.failed === 0 ? { ...told, failed: 1 } : told
}

/** Playwright specs, in a Chromium of this machine or in the one Playwright brings. */
async function specs(name) {
  const report = path.join(folder, `${name}.json`)
  if (!findChromium()) await run('npx', ['playwright', 'install', 'chromium'])
  const code = await run('npx', ['playwright', 'test', '-c', `tests/${name}`], { PATCHBAY_REPORT: report })
  if (!fs.existsSync(report)) return { failed: 1 }
  const { expected, flaky, unexpected, skipped } = JSON.parse(fs.readFileSync(report, 'utf8')).stats
  return { passed: expected + flaky, failed: unexpected || (code === 0 ? 0 : 1), skipped }
}

/** What a vitest report says; undefined when there is none. A file that could not be loaded is a failure. */
function readReport(file) {
  if (!file || !fs.existsSync(file)) return undefined
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    fs.readFileSync(file, 'utf8'),
  )
  const broken = testResults.filter((result) => result.status === 'failed' && result.assertionResults.length === 0)
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests + numTodoTests,
  }
}
