import { expect, test } from 'vitest'
import { printFindings } from '../../cli/print-findings.ts'

test('findings for people', () => {
  expect(
    printFindings([
      { about: 'config', ok: true, words: '/home/me/config.yaml' },
      {
        about: 'provider azure',
        ok: false,
        words: 'azure refused its credential “default” (401): check the secret it refers to.',
        steps: [
          { name: 'address', ok: true, words: 'https://r.example' },
          { name: 'key', ok: false, words: 'azure refused' },
        ],
      },
    ]),
  ).toBe(`ok     config          /home/me/config.yaml
WRONG  provider azure  azure refused its credential “default” (401): check the secret it refers to.
                       ok address
                       no key

1 of 2 need your attention.
`)
  expect(printFindings([{ about: 'port', ok: true, words: '4141 is free.' }])).toContain('Nothing stands in the way.')
})
