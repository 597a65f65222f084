import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('this V8 knows the flag: one that is unknown would be passed over in silence', () => {
  const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  expect(options).toContain('--allocation-site-pretenuring')
})
