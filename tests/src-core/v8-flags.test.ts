import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { earlyFlags } from '../../src-core/v8-flags.ts'

const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })

test.each(['--allocation-site-pretenuring', ...earlyFlags.map((flag) => flag.split('=')[0]!)])(
  'this V8 knows %s: one that is unknown would be passed over in silence',
  (flag) => {
    expect(options).toContain(`  ${flag} (`)
  },
)
