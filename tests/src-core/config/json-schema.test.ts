import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { configJsonSchema } from '../../../src-core/config/json-schema.ts'
import { parseConfig } from '../../../src-core/config/parse.ts'
import { knownProfiles } from './known-profiles.ts'

const docs = path.resolve(import.meta.dirname, '../../../docs')

test('docs/config.schema.json is what the schema says (npm run schema renews it)', () => {
  const written = JSON.parse(fs.readFileSync(path.join(docs, 'config.schema.json'), 'utf8'))
  expect(written).toEqual(JSON.parse(JSON.stringify(configJsonSchema())))
})

const examples = fs.readdirSync(path.join(docs, 'examples')).filter((name) => /^patchbay\..*\.yaml$/.test(name))

describe('examples', () => {
  test('there are some', () => {
    expect(examples).toContain('patchbay.litellm-azure.yaml')
  })

  test.each(examples)('%s is a valid config', (name) => {
    const parsed = parseConfig(fs.readFileSync(path.join(docs, 'examples', name), 'utf8'), { knownProfiles })
    expect('problems' in parsed ? parsed.problems : []).toEqual([])
  })
})
