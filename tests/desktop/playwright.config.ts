import path from 'node:path'
import { chromium, defineConfig } from '@playwright/test'
import { findChromium } from '../helpers/find-chromium.ts'

/**
 * The same specs under the stand-in (`npm run test:desktop`) and in a real Electron (`npm run test:desktop:electron`).
 * Playwright's own launcher asks the electron package for its executable; this variable of that package answers.
 */
const real = process.env.PATCHBAY_REAL_ELECTRON !== undefined
if (!real) {
  process.env.ELECTRON_OVERRIDE_DIST_PATH = path.join(import.meta.dirname, 'standin')
  process.env.STANDIN_CHROMIUM = findChromium() ?? chromium.executablePath()
}

const report = process.env.PATCHBAY_REPORT

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  workers: 1,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list',
  projects: [{ name: real ? 'electron' : 'stand-in' }],
})
