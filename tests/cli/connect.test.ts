import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConnectIo, connect } from '../../cli/connect.ts'

let home: string
let said: { stdout: string; stderr: string }

beforeEach(async () => {
  home = await fs.mkdtemp(path.join(os.tmpdir(), 'patchbay-cli-'))
  said = { stdout: '', stderr: '' }
})

afterEach(() => fs.rm(home, { recursive: true, force: true }))

function run(words: string, change: Partial<ConnectIo> = {}): Promise<number> {
  return connect(words.split(' ').filter(Boolean), {
    stdout: (text) => {
      said.stdout += text
    },
    stderr: (text) => {
      said.stderr += text
    },
    environment: {},
    home,
    workingDirectory: home,
    now: () => new Date('2026-11-21T10:00:00Z'),
    stateFolder: path.join(home, 'state'),
    known: async () => ({ port: 4141, clientKey: 'pb-key', upstreams: [] }),
    ...change,
  })
}

const gatewayRuns = async (url: string, pid: number) => {
  await fs.mkdir(path.join(home, 'state'), { recursive: true })
  await fs.writeFile(path.join(home, 'state', 'gateway.json'), JSON.stringify({ url, pid }))
}

describe('flags', () => {
  test.each<[string, string]>([
    ['', 'Name the client to connect: gemini-cli.'],
    ['codex', '"codex" is not a client Patchbay knows: gemini-cli.'],
    ['gemini-cli codex', '"codex" is too many'],
    ['gemini-cli --print --write', 'Choose one of --print and --write.'],
    ['gemini-cli --port 0', '--port takes a number from 1 to 65535, not 0.'],
    ['gemini-cli --url http://x --port 1', 'not both'],
    ['gemini-cli --shell tcsh', '--shell takes one of bash, zsh, fish, powershell, cmd'],
    ['gemini-cli --nonsense', '--nonsense'],
  ])('"%s" exits 2 and says why', async (words, why) => {
    expect(await run(words)).toBe(2)
    expect(said.stderr).toContain(why)
    expect(said.stderr).toContain('Usage:')
  })

  test('--help', async () => {
    expect(await run('--help')).toBe(0)
    expect(said.stdout).toContain('Usage: npm run connect -- gemini-cli')
  })
})

describe('--print', () => {
  test('is what happens by default, and writes nothing', async () => {
    expect(await run('gemini-cli')).toBe(0)
    for (const line of [
      "export GOOGLE_GEMINI_BASE_URL='http://127.0.0.1:4141'",
      "export NO_PROXY='127.0.0.1,localhost'",
      "set -gx GEMINI_API_KEY 'pb-key'",
      "$env:GEMINI_API_KEY = 'pb-key'",
      'set "GEMINI_API_KEY=pb-key"',
      '{ "security": { "auth": { "selectedType": "gemini-api-key" } } }',
      'exit 41',
      'GEMINI_CLI_TRUST_WORKSPACE=true',
    ])
      expect(said.stdout).toContain(line)
    expect(await fs.readdir(home)).toEqual([])
  })

  test('--shell leaves nothing on stdout but lines to evaluate', async () => {
    expect(await run('gemini-cli --shell bash --port 5000 --key k2', { environment: { NO_PROXY: '.corp' } })).toBe(0)
    expect(said.stdout).toBe(
      "export GOOGLE_GEMINI_BASE_URL='http://127.0.0.1:5000'\nexport GEMINI_API_KEY='k2'\nexport NO_PROXY='.corp,127.0.0.1,localhost'\n",
    )
    expect(said.stderr).toContain('selectedType')
  })

  test('the running gateway names its own address; one that died does not', async () => {
    await gatewayRuns('http://127.0.0.1:7777', process.pid)
    await run('gemini-cli --shell bash')
    expect(said.stdout).toContain("'http://127.0.0.1:7777'")
    await gatewayRuns('http://127.0.0.1:7777', 2 ** 22 + 1)
    await run('gemini-cli --shell fish')
    expect(said.stdout).toContain("BASE_URL 'http://127.0.0.1:4141'")
    expect(said.stderr).toContain('No gateway is running now')
  })

  test('a workspace .env up the tree is named', async () => {
    await fs.writeFile(path.join(home, '.env'), 'GOOGLE_GEMINI_BASE_URL=http://other:1\n')
    const workingDirectory = path.join(home, 'a', 'b')
    await fs.mkdir(workingDirectory, { recursive: true })
    expect(await run('gemini-cli', { workingDirectory })).toBe(0)
    expect(said.stderr).toContain(`${path.join(home, '.env')} sends the CLI to http://other:1`)
  })
})

describe('--write and --undo', () => {
  test('the diff comes first, without the key; undo leaves the home as it was', async () => {
    expect(await run('gemini-cli --write')).toBe(0)
    expect(said.stdout).toContain('+GEMINI_API_KEY=<client key>\n')
    expect(said.stdout).not.toContain('pb-key')
    expect(said.stdout.indexOf('+GEMINI_API_KEY')).toBeLessThan(said.stdout.indexOf('Wrote '))
    expect(await fs.readFile(path.join(home, '.gemini', '.env'), 'utf8')).toContain('GEMINI_API_KEY=pb-key\n')
    said.stdout = ''
    expect(await run('gemini-cli --undo')).toBe(0)
    expect(said.stdout).toContain(`Removed ${path.join(home, '.gemini', '.env')}\n`)
    expect(said.stdout).not.toContain('pb-key')
    expect(await fs.readdir(home)).toEqual(['state'])
  })

  test('someone at the keyboard is asked, unless --yes', async () => {
    const questions: string[] = []
    const ask = async (question: string) => {
      questions.push(question)
      return false
    }
    expect(await run('gemini-cli --write', { ask })).toBe(1)
    expect(said.stdout).toContain('Nothing was written.')
    expect(await fs.readdir(home)).toEqual([])
    expect(await run('gemini-cli --write --yes', { ask })).toBe(0)
    expect(questions).toHaveLength(1)
  })

  test('twice: nothing more to write; undo twice: nothing more to undo', async () => {
    await run('gemini-cli --write')
    expect(await run('gemini-cli --write')).toBe(0)
    expect(said.stdout).toContain('already connected')
    await run('gemini-cli --undo')
    expect(await run('gemini-cli --undo')).toBe(0)
    expect(said.stdout).toContain('Nothing to undo.')
  })

  test('a value changed since is left, and said', async () => {
    await run('gemini-cli --write')
    const env = path.join(home, '.gemini', '.env')
    await fs.writeFile(env, (await fs.readFile(env, 'utf8')).replace('pb-key', 'mine'))
    expect(await run('gemini-cli --undo')).toBe(0)
    expect(said.stdout).toContain(`Left GEMINI_API_KEY in ${env} as it is`)
    expect(await fs.readFile(env, 'utf8')).toBe('GEMINI_API_KEY=mine\n')
  })

  test.each<[string, Partial<ConnectIo>, string]>([
    ['gemini-cli --write --url 127.0.0.1:4141', {}, 'has no scheme'],
    [
      'gemini-cli --write',
      {
        known: async () => ({
          port: 4141,
          clientKey: 'pb-key',
          upstreams: [{ id: 'gemini', baseUrl: 'http://localhost:4141/v1beta' }],
        }),
      },
      'round in a circle',
    ],
  ])('%s exits 1 with one sentence', async (words, change, why) => {
    expect(await run(words, change)).toBe(1)
    expect(said.stderr).toContain(why)
    expect(said.stderr).not.toContain('    at ')
    expect(await fs.readdir(home)).toEqual([])
  })
})
