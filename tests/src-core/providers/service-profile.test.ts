import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { serviceProfileSchema } from '../../../src-core/config/service-profile-schema.ts'
import { loadProfiles, readProfile } from '../../../src-core/providers/service-profile.ts'

const folder = path.resolve(import.meta.dirname, '../../../src-core/providers/profiles')
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'))

describe('every profile that ships', () => {
  test.each(files)('%s is valid, whole, named like its file, and loaded', async (name) => {
    const data: unknown = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))
    const profile = serviceProfileSchema.parse(data)
    expect(`${profile.id}.json`).toBe(name)
    const { profiles, problems } = await loadProfiles()
    expect(problems).toEqual([])
    // Not checked at run time, so what the schema would add or change must stand in the file.
    expect(profiles.get(profile.id)).toEqual(profile)
    if (profile.status.state !== 'active') {
      expect(profile.status).toMatchObject({
        since: expect.any(String),
        because: expect.any(String),
        source: expect.any(String),
      })
    }
  })

  test('are the ones the contract names', async () => {
    const { profiles } = await loadProfiles()
    const named =
      'demo gemini google gemini-cli openai azure-openai litellm openai-compatible anthropic ollama lmstudio openrouter glm qwen deepseek iflow'
    expect([...profiles.keys()].sort()).toEqual(named.split(' ').sort())
  })

  test('say nothing in words that has no place to go', async () => {
    const { profiles } = await loadProfiles()
    const places = new Set(['provider', 'service', 'credential', 'model', 'host', 'status', 'wait', 'message'])
    const unknown = [...profiles.values()].flatMap(({ id, failures = [] }) =>
      failures.flatMap(({ say = '' }) =>
        [...say.matchAll(/\{(\w+)\}/g)].filter(([, name]) => !places.has(name!)).map(([place]) => id + place),
      ),
    )
    expect(unknown).toEqual([])
  })
})

describe('a profile of the user’s own', () => {
  const made: string[] = []
  afterEach(() => {
    for (const one of made.splice(0)) fs.rmSync(one, { recursive: true, force: true })
  })

  function folderWith(contents: Record<string, string>): string {
    const at = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-profiles-'))
    made.push(at)
    for (const [name, text] of Object.entries(contents)) fs.writeFileSync(path.join(at, name), text)
    return at
  }

  const mine = {
    id: 'mine',
    name: 'Mine',
    type: 'openai',
    status: { state: 'active' },
    auth: ['apikey'],
    baseUrl: 'https://h/v1/',
  }

  test('is loaded beside the shipped ones, and may take the place of one', async () => {
    const { profiles, problems } = await loadProfiles({
      folder: folderWith({
        'mine.json': JSON.stringify(mine),
        'glm.json': JSON.stringify({ ...mine, id: 'glm' }),
        'notes.txt': 'no profile',
      }),
    })
    expect(problems).toEqual([])
    expect(profiles.get('mine')).toMatchObject({ baseUrl: 'https://h/v1', discovery: 'none', builtIn: false })
    expect(profiles.get('glm')!.name).toBe('Mine')
    expect((await loadProfiles()).profiles.get('glm')!.name).not.toBe('Mine')
  })

  test('no folder is no problem', async () => {
    expect((await loadProfiles({ folder: path.join(folderWith({}), 'nowhere') })).problems).toEqual([])
  })

  test('a broken one is left out, the others stay', async () => {
    const { profiles, problems } = await loadProfiles({
      folder: folderWith({ 'bad.json': '{', 'mine.json': JSON.stringify(mine) }),
    })
    expect(profiles.has('mine')).toBe(true)
    expect(problems).toMatchObject([{ path: 'profiles/bad.json', message: expect.stringContaining('is not JSON') }])
  })

  test.each<[string, unknown, { path: string; message?: unknown; hint?: unknown }]>([
    [
      'a misspelt key',
      { ...mine, failuers: [] },
      { path: 'profiles/mine.json: failuers', message: 'unknown key', hint: 'Did you mean failures?' },
    ],
    [
      'a kind that is none',
      { ...mine, failures: [{ status: 400, kind: 'bad' }] },
      { path: 'profiles/mine.json: failures[0].kind' },
    ],
    [
      'a broken pattern',
      { ...mine, failures: [{ message: '(', kind: 'internal' }] },
      { path: 'profiles/mine.json: failures[0].message', message: 'is not a regular expression' },
    ],
    [
      'a wait without a group',
      { ...mine, waits: [{ message: 'x', unit: 's' }] },
      { path: 'profiles/mine.json: waits[0].message' },
    ],
    [
      'a window of 0',
      { ...mine, models: { m: { maxContextTokens: 0 } } },
      { path: 'profiles/mine.json: models.m.maxContextTokens' },
    ],
    [
      'another id than the file’s',
      { ...mine, id: 'other' },
      { path: 'profiles/mine.json: id', hint: 'Write "id": "mine", or rename the file to other.json.' },
    ],
    ['no object', [], { path: 'profiles/mine.json: (file)' }],
  ])('%s', (_what, data, expected) => {
    const read = readProfile('mine.json', JSON.stringify(data))
    if (!('problems' in read)) throw new Error('was taken for right')
    expect(read.problems).toEqual([expect.objectContaining(expected)])
    expect(read.problems[0]!.hint).not.toBe('')
  })
})
