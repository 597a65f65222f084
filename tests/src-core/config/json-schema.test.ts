import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { configJsonSchema } from '../../../src-core/config/json-schema.ts'
import { parseConfig } from '../../../src-core/config/parse.ts'
import { loadProfiles } from '../../../src-core/providers/service-profile.ts'

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

  test.each(examples)('%s is a valid config', async (name) => {
    const { profiles } = await loadProfiles()
    const parsed = parseConfig(fs.readFileSync(path.join(docs, 'examples', name), 'utf8'), { knownProfiles: profiles })
    expect('problems' in parsed ? parsed.problems : []).toEqual([])
  })
})
