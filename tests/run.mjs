// The whole test suite, as `npm test`. Ends with a line `N passed, N failed` (`, N skipped` may follow) and
// exits with 1 when anything failed. With PATCHBAY_CHECKED=FILE the report of an `npm run check` that went
// well just before (PATCHBAY_REPORT=FILE) is counted and not run again.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

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
count(await specs('desktop'))

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

/** Specs of Playwright, which want a browser. */
async function specs(name) {
  const { getChromium } = await import('./helpers/get-chromium.ts')
  const chromium = getChromium()
  if (!chromium) {
    console.log(`No Chromium could be had: the specs in tests/${name} are skipped.`)
    return { skipped: 1 }
  }
  const report = path.join(folder, `${name}.json`)
  await run('npm', ['run', '--silent', `test:${name}`], { PATCHBAY_REPORT: report, PATCHBAY_CHROMIUM: chromium })
  if (!fs.existsSync(report)) return { failed: 1 }
  const { stats, errors } = JSON.parse(fs.readFileSync(report, 'utf8'))
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
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
