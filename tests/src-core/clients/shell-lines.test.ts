import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type Shell, shellLines } from '../../../src-core/clients/shell-lines.ts'

const hard = `it's "q" $HOME \`x\` \\ %PATH% a;b & c | d ! ~ * ’`

describe('each shell in its own words', () => {
  test.each<[Shell, string, string]>([
    ['bash', "it's", "export KEY='it'\\''s'"],
    ['zsh', 'plain', "export KEY='plain'"],
    ['fish', "it's \\", "set -gx KEY 'it\\'s \\\\'"],
    ['powershell', 'it’s $x', "$env:KEY = 'it’’s $x'"],
    ['cmd', 'a&b', 'set "KEY=a&b"'],
    ['cmd', '50%', 'rem KEY has characters that cmd cannot quote; use PowerShell'],
  ])('%s: %s', (shell, value, line) => {
    expect(shellLines(shell, new Map([['KEY', value]]))).toEqual([line])
  })

  test('a line break is refused', () => {
    expect(() => shellLines('bash', new Map([['KEY', 'a\nb']]))).toThrow('line break')
  })
})

const real: [Shell, string][] = [
  ['bash', 'bash'],
  ['bash', 'sh'],
  ['zsh', 'zsh'],
  ['fish', 'fish'],
]
const installed = real.filter(([, program]) => spawnSync(program, ['-c', 'true']).status === 0)

describe('a real shell reads back what was meant', () => {
  test.each(installed)('%s lines in %s', (shell, program) => {
    const lines = shellLines(shell, new Map([['KEY', hard]])).join('\n')
    const run = spawnSync(program, ['-c', `${lines}\nprintenv KEY`], { encoding: 'utf8' })
    expect(run.stdout).toBe(`${hard}\n`)
  })
})
