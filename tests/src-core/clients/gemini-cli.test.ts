import fsSync from 'node:fs'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  connectGeminiCli,
  disconnectGeminiCli,
  type GeminiCliOptions,
  previewGeminiCli,
} from '../../../src-core/clients/gemini-cli.ts'

const clientKey = 'pb-0123456789abcdef0123456789abcdef'
const posix = process.platform !== 'win32'

let root: string
let options: GeminiCliOptions

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'patchbay-connect-'))
  options = await freshOptions(root)
})

afterEach(() => fs.rm(root, { recursive: true, force: true }))

async function freshOptions(folder: string): Promise<GeminiCliOptions> {
  const home = path.join(folder, 'home')
  await fs.mkdir(path.join(home, 'work'), { recursive: true })
  return {
    gateway: { url: 'http://127.0.0.1:4141', clientKey },
    home,
    stateFolder: path.join(folder, 'patchbay', 'state'),
    environment: {},
    workingDirectory: path.join(home, 'work'),
    now: () => new Date('2026-11-21T10:00:00Z'),
  }
}

const settingsPath = (of = options) => path.join(of.home, '.gemini', 'settings.json')
const envPath = (of = options) => path.join(of.home, '.gemini', '.env')

async function put(file: string, text: string, mode = 0o600): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true })
  await fs.writeFile(file, text)
  await fs.chmod(file, mode)
}

async function files(folder: string): Promise<Record<string, string>> {
  const names = await fs.readdir(folder, { recursive: true, withFileTypes: true })
  const found = names.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name))
  const read = await Promise.all(
    found.map(async (name) => [path.relative(folder, name), await fs.readFile(name, 'utf8')]),
  )
  return Object.fromEntries(read.filter(([name]) => !name!.includes('.patchbay-backup-')))
}

const written = `GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:4141\nGEMINI_API_KEY=${clientKey}\nNO_PROXY=127.0.0.1,localhost\n`

describe('write', () => {
  test('into an empty home: two private files, nothing else', async () => {
    await connectGeminiCli(options)
    expect(await files(options.home)).toEqual({
      '.gemini/settings.json':
        '{\n  "security": {\n    "auth": {\n      "selectedType": "gemini-api-key"\n    }\n  }\n}\n',
      '.gemini/.env': written,
    })
    if (!posix) return
    for (const file of [settingsPath(), envPath()]) expect((await fs.stat(file)).mode & 0o777).toBe(0o600)
  })

  test('GEMINI_CLI_HOME takes the place of the home folder', async () => {
    const elsewhere = path.join(root, 'elsewhere')
    await connectGeminiCli({ ...options, environment: { GEMINI_CLI_HOME: elsewhere } })
    expect(await fs.readFile(path.join(elsewhere, '.gemini', '.env'), 'utf8')).toBe(written)
    expect(await files(options.home)).toEqual({})
  })

  test('a second time changes nothing and makes no backup', async () => {
    await connectGeminiCli(options)
    const before = await files(root)
    expect((await connectGeminiCli(options)).files).toEqual([])
    expect((await previewGeminiCli(options)).files).toEqual([])
    expect(await files(root)).toEqual(before)
  })

  test('keeps comments, foreign keys, line endings and an existing NO_PROXY', async () => {
    await put(
      settingsPath(),
      '{\r\n\t// my theme\r\n\t"ui": { "theme": "Dark" }, // nice\r\n\t"mcpServers": {}\r\n}\r\n',
    )
    await put(envPath(), '# mine\r\nNO_PROXY=.corp.example\r\nOTHER="x y"\r\n')
    await connectGeminiCli(options)
    expect(await files(options.home)).toEqual({
      '.gemini/settings.json':
        '{\r\n\t// my theme\r\n\t"ui": { "theme": "Dark" }, // nice\r\n\t"mcpServers": {},\r\n\t"security": {\r\n\t\t"auth": {\r\n\t\t\t"selectedType": "gemini-api-key"\r\n\t\t}\r\n\t}\r\n}\r\n',
      '.gemini/.env': `# mine\r\nNO_PROXY=.corp.example,127.0.0.1,localhost\r\nOTHER="x y"\r\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:4141\r\nGEMINI_API_KEY=${clientKey}\r\n`,
    })
  })

  test('a backup with the old text stands beside; ten are kept', async () => {
    await put(settingsPath(), '{ "n": 0 }')
    for (let count = 1; count <= 12; count++) {
      const now = () => new Date(Date.UTC(2026, 10, 21, 10, 0, count))
      await connectGeminiCli({ ...options, now })
      await fs.writeFile(settingsPath(), `{ "n": ${count} }`)
    }
    const names = (await fs.readdir(path.dirname(settingsPath()))).filter((name) => name.includes('backup')).sort()
    expect(names).toHaveLength(10)
    expect(names[0]).toBe('settings.json.patchbay-backup-2026-11-21T10-00-03.000Z')
    expect(await fs.readFile(path.join(options.home, '.gemini', names[9]!), 'utf8')).toBe('{ "n": 11 }')
  })

  test.runIf(posix)('keeps the mode of a file and follows a link to it', async () => {
    const real = path.join(root, 'dotfiles', 'gemini.json')
    await put(real, '{}', 0o640)
    await fs.mkdir(path.dirname(settingsPath()), { recursive: true })
    await fs.symlink(real, settingsPath())
    await connectGeminiCli(options)
    expect((await fs.lstat(settingsPath())).isSymbolicLink()).toBe(true)
    expect(await fs.readFile(real, 'utf8')).toContain('gemini-api-key')
    expect((await fs.stat(real)).mode & 0o777).toBe(0o640)
    await disconnectGeminiCli(options)
    expect(await fs.readFile(real, 'utf8')).toBe('{}')
    expect((await fs.lstat(settingsPath())).isSymbolicLink()).toBe(true)
  })

  test('a gateway that asks for no key leaves the user’s own key alone', async () => {
    await put(envPath(), 'GEMINI_API_KEY=mine\n')
    await connectGeminiCli({ ...options, gateway: { ...options.gateway, clientKey: null } })
    expect(await fs.readFile(envPath(), 'utf8')).toContain('GEMINI_API_KEY=mine\n')
    await disconnectGeminiCli(options)
    expect(await files(options.home)).toEqual({ '.gemini/.env': 'GEMINI_API_KEY=mine\n' })
  })

  test('keepOwnKey puts the client key into the address', async () => {
    await put(envPath(), 'GEMINI_API_KEY=mine\n')
    await connectGeminiCli({ ...options, keepOwnKey: true })
    expect(await fs.readFile(envPath(), 'utf8')).toBe(
      `GEMINI_API_KEY=mine\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:4141/k/${clientKey}\nNO_PROXY=127.0.0.1,localhost\n`,
    )
  })
})

describe('the preview', () => {
  test('is a diff in which no secret stands', async () => {
    await put(settingsPath(), '{\n  "mcpServers": { "x": { "env": { "TOKEN": "hunter2" } } }\n}\n')
    await put(envPath(), 'OPENAI_API_KEY=sk-foreign\nGEMINI_API_KEY="old\nkey"\n')
    const { files } = await previewGeminiCli(options)
    expect(files).toEqual([
      {
        path: settingsPath(),
        diff: `--- ${settingsPath()}\n+++ ${settingsPath()}\n@@ -1,3 +1,8 @@\n {\n-  "mcpServers": { "x": { "env": { "TOKEN": "<hidden>" } } }\n+  "mcpServers": { "x": { "env": { "TOKEN": "<hidden>" } } },\n+  "security": {\n+    "auth": {\n+      "selectedType": "gemini-api-key"\n+    }\n+  }\n }\n`,
      },
      {
        path: envPath(),
        diff: `--- ${envPath()}\n+++ ${envPath()}\n@@ -1,3 +1,4 @@\n OPENAI_API_KEY=<hidden>\n-GEMINI_API_KEY=<hidden>\n-<hidden>\n+GEMINI_API_KEY=<client key>\n+GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:4141\n+NO_PROXY=127.0.0.1,localhost\n`,
      },
    ])
    expect(await fs.readFile(envPath(), 'utf8')).toBe('OPENAI_API_KEY=sk-foreign\nGEMINI_API_KEY="old\nkey"\n')
  })

  test('a file changed since is not overwritten', async () => {
    await put(settingsPath(), '{}')
    const { revision } = await previewGeminiCli(options)
    await put(settingsPath(), '{ "new": 1 }')
    await expect(connectGeminiCli({ ...options, revision })).rejects.toThrow('changed since the preview')
    expect(await files(root)).toEqual({ 'home/.gemini/settings.json': '{ "new": 1 }' })
  })
})

describe('refusals change nothing', () => {
  test.each<[string, Partial<GeminiCliOptions>, string]>([
    ['no scheme', { gateway: { url: '127.0.0.1:4141', clientKey } }, 'Write http://127.0.0.1:4141'],
    ['a wrong scheme', { gateway: { url: 'ftp://127.0.0.1:4141', clientKey } }, 'must begin with http'],
    ['the version segment', { gateway: { url: 'http://127.0.0.1:4141/v1beta', clientKey } }, 'Leave out "/v1beta"'],
    [
      'a provider that is the gateway itself',
      { upstreams: [{ id: 'gemini', baseUrl: 'http://localhost:4141/v1beta' }] },
      'virtualrouter.providers.gemini.baseUrl',
    ],
    ['a key with a line break', { gateway: { url: 'http://127.0.0.1:4141', clientKey: 'a\nB=1' } }, 'line break'],
  ])('%s', async (_, change, words) => {
    await expect(connectGeminiCli({ ...options, ...change })).rejects.toThrow(words)
    expect(await files(root)).toEqual({})
  })

  test('broken settings: where, and neither file is touched', async () => {
    await put(settingsPath(), '{\n  "a": 1,\n}\n')
    await expect(connectGeminiCli(options)).rejects.toThrow(`${settingsPath()}, line 3, column 1`)
    expect(await files(root)).toEqual({ 'home/.gemini/settings.json': '{\n  "a": 1,\n}\n' })
  })

  test.runIf(posix)('a read-only file: neither file is touched', async () => {
    await put(settingsPath(), '{}')
    await put(envPath(), 'A=1\n', 0o400)
    await expect(connectGeminiCli(options)).rejects.toThrow(`${envPath()} is read-only`)
    expect(await files(root)).toEqual({ 'home/.gemini/settings.json': '{}', 'home/.gemini/.env': 'A=1\n' })
  })

  test('not UTF-8', async () => {
    await fs.mkdir(path.dirname(settingsPath()), { recursive: true })
    await fs.writeFile(settingsPath(), Buffer.from('{ "a": "\xff" }', 'latin1'))
    await expect(connectGeminiCli(options)).rejects.toThrow('is not UTF-8')
  })

  test('a folder where the file should be', async () => {
    await fs.mkdir(settingsPath(), { recursive: true })
    await expect(connectGeminiCli(options)).rejects.toThrow('is not an ordinary file')
  })

  test.runIf(posix)('a link to nowhere', async () => {
    await fs.mkdir(path.dirname(settingsPath()), { recursive: true })
    await fs.symlink(path.join(root, 'gone'), settingsPath())
    await expect(connectGeminiCli(options)).rejects.toThrow('a link to a file that does not exist')
  })

  test('a file changed at the last moment: what was written before it is taken back', async () => {
    await put(settingsPath(), '{}')
    await put(envPath(), 'A=1\n')
    const now = () => {
      fsSync.writeFileSync(envPath(), 'A=2\n')
      return options.now()
    }
    await expect(connectGeminiCli({ ...options, now })).rejects.toThrow('changed by another program')
    expect(await files(root)).toEqual({ 'home/.gemini/settings.json': '{}', 'home/.gemini/.env': 'A=2\n' })
  })

  test('a record nobody can read', async () => {
    await put(path.join(options.stateFolder, 'clients', 'gemini-cli.json'), '{"version":9}')
    await expect(disconnectGeminiCli(options)).rejects.toThrow('cannot be understood')
  })
})

describe('undo', () => {
  const shapes: [string, string | undefined, string | undefined][] = [
    ['nothing there', undefined, undefined],
    ['empty files', '', ''],
    ['an empty object', '{}', '\n'],
    ['comments and no newline at the end', '// top\n{ "a": [1, 2] /* c */ }', '# c'],
    [
      'old values',
      '{\n  "security": { "auth": { "selectedType": "oauth-personal" } }\n}\n',
      'GEMINI_API_KEY=old # k\n',
    ],
    ['CRLF, tabs and a mark', '\uFEFF{\r\n\t"a": 1\r\n}\r\n', 'A=1\r\nNO_PROXY=x\r\n'],
    ['our very values already', '{"security":{"auth":{"selectedType":"gemini-api-key"}}}', written],
  ]

  test.each(shapes)('%s: every byte comes back', async (_, settings, env) => {
    if (settings !== undefined) await put(settingsPath(), settings)
    if (env !== undefined) await put(envPath(), env)
    const before = await files(root)
    const folders = await fs.readdir(options.home)
    await connectGeminiCli(options)
    await connectGeminiCli({ ...options, gateway: { url: 'http://127.0.0.1:5000', clientKey: 'another' } })
    const { left } = await disconnectGeminiCli(options)
    expect(left).toEqual([])
    expect(await files(root)).toEqual(before)
    expect(await fs.readdir(options.home)).toEqual(folders)
  })

  test('what the user wrote since stays, ours goes', async () => {
    await put(settingsPath(), '{\n  "a": 1\n}\n')
    await connectGeminiCli(options)
    const text = await fs.readFile(settingsPath(), 'utf8')
    await fs.writeFile(settingsPath(), text.replace('"a": 1', '"a": 2, // changed\n  "b": 3'))
    await fs.appendFile(envPath(), 'MINE=1\n')
    expect((await disconnectGeminiCli(options)).left).toEqual([])
    expect(await files(options.home)).toEqual({
      '.gemini/settings.json': '{\n  "a": 2, // changed\n  "b": 3\n}\n',
      '.gemini/.env': 'MINE=1\n',
    })
  })

  test('a value the user changed since is left and named', async () => {
    await connectGeminiCli(options)
    const text = await fs.readFile(settingsPath(), 'utf8')
    await fs.writeFile(settingsPath(), text.replace('gemini-api-key', 'vertex-ai'))
    expect((await disconnectGeminiCli(options)).left).toEqual([
      { path: settingsPath(), key: 'security.auth.selectedType' },
    ])
    expect(await fs.readFile(settingsPath(), 'utf8')).toContain('vertex-ai')
    expect((await disconnectGeminiCli(options)).files).toEqual([])
  })

  test('connecting again after the user wrote still remembers what stood there first', async () => {
    await put(envPath(), 'GEMINI_API_KEY=first\n')
    await connectGeminiCli(options)
    await fs.appendFile(envPath(), 'MINE=1\n')
    await connectGeminiCli({ ...options, gateway: { url: 'http://127.0.0.1:5000', clientKey: 'another' } })
    expect(await fs.readFile(envPath(), 'utf8')).toContain('GEMINI_API_KEY=another\n')
    await disconnectGeminiCli(options)
    expect(await files(options.home)).toEqual({ '.gemini/.env': 'GEMINI_API_KEY=first\nMINE=1\n' })
  })

  test('a file removed by the user is not brought back', async () => {
    await connectGeminiCli(options)
    await fs.rm(envPath())
    expect((await disconnectGeminiCli(options)).files.map((file) => file.path)).toEqual([settingsPath()])
    expect(await files(options.home)).toEqual({})
  })

  test('nothing to undo is no error', async () => {
    expect(await disconnectGeminiCli(options)).toEqual({ files: [], left: [] })
  })

  test('write then undo is the identity, also with the user writing in between', async () => {
    const line = fc.constantFrom('# c', 'A=1', 'GEMINI_API_KEY=x', "NO_PROXY='a b'", '', 'GOOGLE_GEMINI_BASE_URL=')
    const env = fc.option(fc.array(line, { maxLength: 4 }).map((lines) => lines.map((text) => `${text}\n`).join('')))
    const settings = fc.option(
      fc
        .dictionary(fc.constantFrom('a', 'b', 'ui', 'security'), fc.constantFrom(1, 'x', { auth: {} }, {}), {
          noNullPrototype: true,
        })
        .filter(({ security }) => security === undefined || typeof security === 'object')
        .map((value) => JSON.stringify(value, null, 2)),
    )
    let count = 0
    await fc.assert(
      fc.asyncProperty(settings, env, fc.boolean(), async (settingsText, envText, meanwhile) => {
        const own = await freshOptions(path.join(root, String(count++)))
        if (settingsText !== null) await put(settingsPath(own), settingsText)
        if (envText !== null) await put(envPath(own), envText)
        const before = await files(own.home)
        await connectGeminiCli(own)
        if (meanwhile) await fs.appendFile(envPath(own), 'LATER=1\n')
        await disconnectGeminiCli(own)
        const expected = { ...before }
        if (meanwhile) expected['.gemini/.env'] = `${envText ?? ''}LATER=1\n`
        expect(await files(own.home)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})

describe('warnings', () => {
  const warnings = async (change: Partial<GeminiCliOptions> = {}) =>
    (await previewGeminiCli({ ...options, ...change })).warnings.join('\n')

  test('none where nothing stands in the way', async () => {
    expect(await warnings()).toBe('')
  })

  test.each<[string, Record<string, string>, string]>([
    ['another base URL', { GOOGLE_GEMINI_BASE_URL: 'http://other:1/k/secret' }, 'it would go to http://other:1. Unset'],
    ['another key', { GEMINI_API_KEY: 'other' }, 'GEMINI_API_KEY, and the CLI prefers'],
    ['NO_PROXY without loopback', { NO_PROXY: '.corp' }, 'add 127.0.0.1,localhost'],
    [
      'a container sandbox',
      { GEMINI_SANDBOX: 'docker' },
      'Inside a Docker or Podman sandbox 127.0.0.1 is the container',
    ],
  ])('in the shell: %s', async (_, environment, words) => {
    const said = await warnings({ environment })
    expect(said).toContain(words)
    expect(said).not.toContain('secret')
  })

  test.each<[string, string, string, string]>([
    [
      'a workspace .env wins',
      'work/.env',
      'GOOGLE_GEMINI_BASE_URL=http://10.0.0.1/k/hidden',
      'sends it to http://10.0.0.1.',
    ],
    ['so does one without the address', 'work/.gemini/.env', 'A=1', 'does not name the gateway'],
    ['~/.env would be hidden by ours', '.env', 'A=1', 'will no longer be read'],
    [
      'workspace settings',
      'work/.gemini/settings.json',
      '{"security":{"auth":{"selectedType":"vertex-ai"}}}',
      'chooses the sign-in "vertex-ai"',
    ],
    [
      'an enforced sign-in',
      '.gemini/settings.json',
      '{"security":{"auth":{"enforcedType":"oauth-personal"}}}',
      'allows only the sign-in "oauth-personal"',
    ],
    ['a sandbox in the settings', '.gemini/settings.json', '{"tools":{"sandbox":true}}', 'Sandbox mode is on'],
    ['a byte order mark', '.gemini/settings.json', '\uFEFF{}', 'byte order mark'],
  ])('in a file: %s', async (_, name, text, words) => {
    await put(path.join(options.home, name), text)
    expect(await warnings()).toContain(words)
  })
})
