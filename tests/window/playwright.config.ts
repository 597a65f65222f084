import { defineConfig } from '@playwright/test'
// @ts-expect-error plain JavaScript, because the launcher of the tests asks, too
import { findChromium } from '../helpers/find-chromium.mjs'

/** Where a report for tests/run.mjs is wanted. */
const report = process.env.PATCHBAY_REPORT

/** The window in a browser, against `npm run serve`: `npm run test:window`. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list',
  use: {
    viewport: { width: 1100, height: 720 },
    locale: 'en',
    launchOptions: {
      executablePath: findChromium(),
      // containers run tests as root, which Chromium's sandbox refuses
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
})
