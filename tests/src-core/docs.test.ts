import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../src-core/config/parse.ts'
import { consequences } from '../../src-core/model/error.ts'
import { loadProfiles } from '../../src-core/providers/service-profile.ts'

const root = path.resolve(import.meta.dirname, '../..')
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inFolder('docs'), ...inFolder('docs/decisions')]
const text = (page: string) => fs.readFileSync(path.join(root, page), 'utf8')

function inFolder(folder: string): string[] {
  const names = fs.readdirSync(path.join(root, folder))
  return names.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`)
}

const blocks = pages.flatMap((page) =>
  [...text(page).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml], index) => ({ page, index, yaml: yaml! })),
)
const configs = blocks.filter(({ yaml }) => yaml.startsWith('version: 1'))
const others = blocks.filter(({ yaml }) => !yaml.startsWith('version: 1'))

describe('what the docs tell people to write', () => {
  test.each(configs)('$page, config $index, is a valid config', async ({ yaml }) => {
    const { profiles } = await loadProfiles()
    const parsed = parseConfig(yaml, { knownProfiles: profiles })
    expect('problems' in parsed ? parsed.problems : []).toEqual([])
  })

  test.each(others)('$page, example $index, is YAML', ({ yaml }) => {
    expect(parse(yaml)).toBeTypeOf('object')
  })

  test('the LiteLLM example in the page and in the folder say the same', () => {
    const inPage = others.find(({ yaml }) => yaml.includes('model_list:'))!.yaml
    expect(parse(inPage)).toEqual(parse(text('docs/examples/litellm.config.yaml')))
  })
})

test.each(Object.entries(consequences))('docs/errors.md tells about %s and its status', (kind, { status }) => {
  const row = text('docs/errors.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${kind}\` |`))
  expect(row?.split('|')[2]?.trim()).toBe(kind === 'client-gone' ? '–' : String(status))
})

describe('links and scripts', () => {
  const links = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => ({ page, link: link! })),
  )

  test.each(links)('$page -> $link', ({ page, link }) => {
    expect(fs.existsSync(path.join(root, path.dirname(page), link))).toBe(true)
  })

  const scripts = Object.keys(JSON.parse(text('package.json')).scripts)
  const named = new Set(pages.flatMap((page) => [...text(page).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!)))

  test.each([...named])('npm run %s exists', (name) => {
    expect(scripts).toContain(name)
  })
})
