import { defineConfig } from 'vitest/config'

/** Where a report for tests/run.mjs is wanted. */
const report = process.env.PATCHBAY_REPORT

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          // property tests share two cores with everything else
          testTimeout: 30_000,
          include: [
            'tests/src-core/**/*.test.ts',
            'tests/cli/**/*.test.ts',
            'tests/renderer/**/*.test.ts',
            'tests/helpers/**/*.test.ts',
            'tests/architecture.test.ts',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
          // two files at a time, each with a few clients: most of them wait, and more would only slow each other down
          maxWorkers: 2,
          maxConcurrency: 7,
        },
      },
    ],
  },
})
