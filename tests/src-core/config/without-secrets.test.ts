import { expect, test } from 'vitest'
import { parseConfig } from '../../../src-core/config/parse.ts'
import { readDocument } from '../../../src-core/config/read-document.ts'
import { withoutSecrets } from '../../../src-core/config/without-secrets.ts'
import { createRedactor } from '../../../src-core/observe/redact.ts'

const { text: redact } = createRedactor({ known: () => ['known-canary'] })

function exported(text: string): { text: string; hidden: number } {
  const read = readDocument(text)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  const hidden = withoutSecrets(read.document, redact)
  return { text: read.document.toString({ lineWidth: 0 }), hidden }
}

test.each([
  ['a reference stays', 'secret: keychain:azure\n', 'secret: keychain:azure\n', 0],
  ['every kind of it', 'a: { secret: "env:KEY" }\nb: { secret: file:~/k }\n', undefined, 0],
  ['a literal goes', 'secret: canary\n', 'secret: "***"\n', 1],
  ['whatever its name', 'apiKey: canary\nclient_secret: canary\naccessToken: canary\ntoken: canary\n', undefined, 4],
  ['a number too', 'password: 123456\n', 'password: "***"\n', 1],
  ['headers go', 'headers: { X-Tenant: canary }\n', 'headers: { X-Tenant: "***" }\n', 1],
  ['what looks like a key goes', 'label: sk-canary0123456789\n', 'label: "***"\n', 1],
  ['a key in an address goes', 'baseUrl: https://me:canary@host/v1\n', 'baseUrl: https://***@host/v1\n', 1],
  ['a known secret goes anywhere', 'label: my known-canary here\n', 'label: my *** here\n', 1],
  ['as a name too', 'known-canary: 1\n', '"***": 1\n', 1],
  ['and in an anchor’s text', 'a: &x sk-canary0123456789\nb: *x\n', 'a: &x "***"\nb: *x\n', 1],
  ['other values stay', 'port: 4141\nenabled: true\nnothing: null\n', 'port: 4141\nenabled: true\nnothing: null\n', 0],
])('%s', (_case, text, wanted, hidden) => {
  const told = exported(text)
  expect(told.text).not.toContain('canary')
  expect(told).toEqual({ text: wanted ?? told.text, hidden })
})

test('comments stay, without the secrets in them', () => {
  const { text } = exported(
    '# old key: sk-canary0123456789\nversion: 1 # as before\nlist:\n  # apiKey: canary\n  - a # known-canary\n# the end known-canary\n',
  )
  expect(text).not.toContain('canary')
  expect(text).toContain('# as before')
  expect(text).toContain('# the end ***')
})

test('what a config in use is exported as, another Patchbay reads', () => {
  const text = `version: 1
virtualrouter:
  providers:
    up: { type: openai, baseUrl: http://127.0.0.1:9/v1, auth: { type: apikey, secret: "env:KEY" }, headers: { X-A: b }, models: { m: {} } }
  routing: { default: [{ targets: [up.m] }] }
`
  expect(parseConfig(exported(text).text, { knownProfiles: new Map() })).toHaveProperty('config')
})
