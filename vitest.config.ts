import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'tests/src-core/**/*.test.ts',
            'tests/cli/**/*.test.ts',
            'tests/helpers/**/*.test.ts',
            'tests/architecture.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          // a few wait most of the time; more real clients at once than this only slow each other down
          maxConcurrency: 7,
          maxWorkers: 2,
        },
      },
    ],
  },
})
