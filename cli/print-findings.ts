import type { Finding } from '../src-core/index.ts'

/** What was found, for people: a line each, and of a provider that fails the steps it took. */
export function printFindings(findings: readonly Finding[]): string {
  const widest = Math.max(0, ...findings.map(({ about }) => about.length))
  const lines = findings.flatMap(({ about, ok, words, steps = [] }) => [
    `${ok ? 'ok     ' : 'WRONG  '}${about.padEnd(widest)}  ${words}`,
    ...(ok ? [] : steps.map((step) => `${' '.repeat(widest + 9)}${step.ok ? 'ok' : 'no'} ${step.name}`)),
  ])
  const wrong = findings.filter(({ ok }) => !ok).length
  const last = wrong === 0 ? 'Nothing stands in the way.' : `${wrong} of ${findings.length} need your attention.`
  return `${lines.join('\n')}\n\n${last}\n`
}
