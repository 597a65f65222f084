import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigError } from '../../../src-core/config/problem.ts'
import { type ConfigStore, type ConfigStoreOptions, createConfigStore } from '../../../src-core/config/store.ts'
import { knownProfiles } from './known-profiles.ts'

let home: string
let stores: ConfigStore[]

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-config-'))
  stores = []
})

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
  fs.rmSync(home, { recursive: true })
})

async function open(options: Partial<ConfigStoreOptions> = {}): Promise<ConfigStore> {
  const store = await createConfigStore({
    file: undefined,
    home,
    env: {},
    now: () => new Date(),
    knownProfiles,
    watch: false,
    probe: async () => undefined,
    ...options,
  })
  stores.push(store)
  return store
}

const text = (port: number) => `# my gateway
gateway:
  port: ${port}          # the usual one

virtualrouter:
    providers:
        # nothing behind it
        d:   { profile: demo,   models: { "*": {} } }   # built in
        e: { profile: demo }

    routing:
        default:
        - targets: [d.*]   # anything
`

const file = () => path.join(home, 'config.yaml')
const write = (content: string) => fs.writeFileSync(file(), content)
const onDisk = () => fs.readFileSync(file(), 'utf8')
const history = () => {
  const folder = path.join(home, 'state', 'config-history')
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []
}

async function refusal(action: Promise<unknown>): Promise<ConfigError> {
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return error as ConfigError
}

describe('start', () => {
  test('reads config.yaml at home', async () => {
    write(text(5001))
    const { config, source, path: at, problems } = (await open()).current()
    expect([config.gateway.port, source, at, problems]).toEqual([5001, 'file', file(), []])
  })

  test('a broken file throws everything that is wrong', async () => {
    write('gatewy: {}\nvirtualrouter: { activeGroup: x }\n')
    const error = await refusal(open())
    expect(error.reason).toBe('invalid')
    expect(error.problems.map((problem) => problem.path)).toEqual([
      'gatewy',
      'virtualrouter.routing.default',
      'virtualrouter.activeGroup',
    ])
  })

  test('a broken file and a good version laid aside: offered, and in force where it is asked for', async () => {
    write(text(5001))
    const store = await open()
    await store.save({ text: text(5002), revision: store.current().revision })
    write('gatewy: {}\n')
    expect(Date.now() - (await refusal(open())).lastGood!).toBeLessThan(60_000)
    const again = await open({ lastGood: true })
    expect(again.current()).toMatchObject({ config: { gateway: { port: 5001 } }, text: 'gatewy: {}\n', source: 'file' })
    expect(again.current().problems[0]?.path).toBe('gatewy')
    expect(onDisk()).toBe('gatewy: {}\n')
    const mended = await again.save({ text: text(5003), revision: again.current().revision })
    expect([mended.config.gateway.port, mended.problems, onDisk()]).toEqual([5003, [], text(5003)])
    // the version before was the broken one, which nobody is offered
    write('gatewy: {}\n')
    expect((await open({ lastGood: true })).current().config.gateway.port).toBe(5001)
  })

  test('a broken file and no good version: there is nothing to offer', async () => {
    write('gatewy: {}\n')
    expect((await refusal(open({ lastGood: true }))).lastGood).toBeUndefined()
  })

  test('a named file that is not there is an error', async () => {
    const missing = path.join(home, 'nope.yaml')
    const error = await refusal(open({ file: missing }))
    expect([error.reason, error.problems[0]?.path]).toEqual(['missing', missing])
  })

  test('a named folder is an error', async () => {
    expect((await refusal(open({ file: home }))).problems[0]?.message).toBe('is a folder, not a file')
  })

  test('text that is not UTF-8 is an error', async () => {
    fs.writeFileSync(file(), Buffer.from('\uFEFFversion: 1\n', 'utf16le'))
    expect((await refusal(open())).problems[0]?.message).toBe('is not UTF-8 text')
  })

  test('without a file: the environment, and nothing is written', async () => {
    const store = await open({ env: { GEMINI_API_KEY: 'hush' } })
    const { source, found, text: shown } = store.current()
    expect([source, found.map(({ provider }) => provider)]).toEqual(['environment', ['gemini', 'demo']])
    expect(shown).not.toContain('hush')
    expect(store.validate(shown)).toEqual([])
    expect(fs.readdirSync(home)).toEqual([])
  })

  test('a file stands alone: nothing from the environment is added', async () => {
    write(text(5001))
    const store = await open({ env: { GEMINI_API_KEY: 'hush' } })
    expect(Object.keys(store.current().config.virtualrouter.providers)).toEqual(['d', 'e'])
  })
})

describe('save', () => {
  test('is in force at once, on disk, and the version before is kept', async () => {
    write(text(5001))
    const store = await open({ now: () => new Date('2026-11-21T10:00:00Z') })
    const seen: number[] = []
    store.subscribe(({ config }) => seen.push(config.gateway.port))
    const saved = await store.save({ text: text(5002), revision: store.current().revision })
    expect(store.current()).toBe(saved)
    expect([saved.config.gateway.port, onDisk(), seen]).toEqual([5002, text(5002), [5002]])
    expect(history()).toEqual(['config-2026-11-21T10-00-00.000Z.yaml'])
    expect(fs.readFileSync(path.join(home, 'state', 'config-history', history()[0]!), 'utf8')).toBe(text(5001))
  })

  test('is refused when the file changed since it was read', async () => {
    write(text(5001))
    const store = await open()
    const { revision } = store.current()
    write(text(5009))
    expect((await refusal(store.save({ text: text(5002), revision }))).reason).toBe('changed')
    expect(onDisk()).toBe(text(5009))
  })

  test('is refused when it is invalid, and the old config stays', async () => {
    write(text(5001))
    const store = await open()
    const error = await refusal(store.save({ text: 'nonsense: 1\n', revision: store.current().revision }))
    expect([error.reason, error.problems[0]?.path]).toEqual(['invalid', 'nonsense'])
    expect([store.current().config.gateway.port, onDisk()]).toEqual([5001, text(5001)])
  })

  test('two at once on one revision: one wins, one is told', async () => {
    write(text(5001))
    const store = await open()
    const { revision } = store.current()
    const results = await Promise.allSettled([
      store.save({ text: text(5002), revision }),
      store.save({ text: text(5003), revision }),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(onDisk()).toBe(text(5002))
  })

  test('two gateways with one home never both win', async () => {
    write(text(5001))
    const [one, two] = [await open(), await open()]
    const { revision } = one.current()
    const results = await Promise.allSettled([
      one.save({ text: text(5002), revision }),
      two.save({ text: text(5003), revision }),
    ])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('the last ten versions are kept', async () => {
    write(text(5000))
    let second = 0
    const store = await open({ now: () => new Date(Date.UTC(2026, 10, 21, 10, 0, second++)) })
    for (let port = 5001; port <= 5013; port++) {
      await store.save({ text: text(port), revision: store.current().revision })
    }
    expect(history()).toHaveLength(10)
    const oldest = fs.readFileSync(path.join(home, 'state', 'config-history', history()[0]!), 'utf8')
    expect(oldest).toBe(text(5003))
  })

  test('from the environment makes the file', async () => {
    const store = await open()
    const saved = await store.save({ text: text(5002), revision: store.current().revision })
    expect([saved.source, onDisk(), history()]).toEqual(['file', text(5002), []])
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600)
  })

  test('keeps the mode, follows a link and leaves nothing behind', async () => {
    const real = path.join(home, 'real.yaml')
    fs.writeFileSync(real, text(5001))
    fs.chmodSync(real, 0o640)
    fs.symlinkSync('real.yaml', file())
    const store = await open()
    await store.save({ text: text(5002), revision: store.current().revision })
    expect(fs.lstatSync(file()).isSymbolicLink()).toBe(true)
    expect([fs.readFileSync(real, 'utf8'), fs.statSync(real).mode & 0o777]).toEqual([text(5002), 0o640])
    expect(fs.readdirSync(home).sort()).toEqual(['config.yaml', 'real.yaml', 'state'])
  })

  test('an unwritable place is told with the file', async () => {
    write(text(5001))
    const store = await open()
    fs.writeFileSync(path.join(home, 'state'), 'in the way')
    const error = await refusal(store.save({ text: text(5002), revision: store.current().revision }))
    expect([error.reason, error.problems[0]?.path]).toEqual(['unwritable', file()])
    expect([store.current().config.gateway.port, onDisk()]).toEqual([5001, text(5001)])
  })
})

describe('edit', () => {
  test('changes its lines and no other character', async () => {
    write(text(5001))
    const store = await open()
    const edited = await store.edit((document) => document.setIn(['virtualrouter', 'providers', 'e', 'enabled'], false))
    expect(edited.config.virtualrouter.providers.e?.enabled).toBe(false)
    expect(onDisk()).toBe(text(5001).replace('e: { profile: demo }', 'e: { profile: demo, enabled: false }'))
  })

  test.each([
    ['a new key', text(5001), ['virtualrouter', 'activeGroup'], 'default'],
    ['CRLF', text(5001).replaceAll('\n', '\r\n'), ['gateway', 'port'], 5002],
    [
      'JSON',
      `${JSON.stringify({ gateway: { port: 5001 }, virtualrouter: { providers: { d: { profile: 'demo' } }, routing: { default: [{ targets: ['d.*'] }] } } }, null, 4)}\n`,
      ['gateway', 'port'],
      5002,
    ],
    ['several blank lines', text(5001).replaceAll('\n\n', '\n\n\n\n'), ['gateway', 'port'], 5002],
    ['no newline at the end', text(5001).trimEnd(), ['gateway', 'port'], 5002],
  ])('%s: other lines stay', async (_name, before, at, value) => {
    write(before)
    const store = await open()
    await store.edit((document) => document.setIn(at, value))
    const [kept, now] = [before.split('\n').filter((line) => line.trim() !== ''), onDisk().split('\n')]
    const lost = kept.filter((line) => !now.includes(line))
    expect(lost.length).toBeLessThanOrEqual(1)
    expect(onDisk()).toContain(String(value))
    expect(onDisk().includes('\r\n')).toBe(before.includes('\r\n'))
  })

  test('that makes it invalid is refused', async () => {
    write(text(5001))
    const store = await open()
    const error = await refusal(store.edit((document) => document.setIn(['virtualrouter', 'activeGroup'], 'nope')))
    expect([error.reason, onDisk()]).toEqual(['invalid', text(5001)])
  })

  test('takes an edit by hand along', async () => {
    write(text(5001))
    const store = await open()
    write(text(5009))
    const edited = await store.edit((document) => document.setIn(['virtualrouter', 'providers', 'e', 'enabled'], false))
    expect(edited.config.gateway.port).toBe(5009)
  })

  test('without a file counts, and is not written', async () => {
    const store = await open()
    const edited = await store.edit((document) =>
      document.setIn(['virtualrouter', 'providers', 'demo', 'enabled'], false),
    )
    expect([edited.source, edited.config.virtualrouter.providers.demo?.enabled]).toEqual(['environment', false])
    expect(fs.existsSync(file())).toBe(false)
  })
})

describe('an edit by hand', () => {
  const soon = { timeout: 5000, interval: 20 }

  test('counts like a save', async () => {
    write(text(5001))
    const store = await open({ watch: true })
    write(text(5002))
    await vi.waitFor(() => expect(store.current().config.gateway.port).toBe(5002), soon)
  })

  test('as an editor does it, by replacing the file', async () => {
    write(text(5001))
    const store = await open({ watch: true })
    fs.writeFileSync(path.join(home, 'config.yaml~'), text(5002))
    fs.renameSync(path.join(home, 'config.yaml~'), file())
    await vi.waitFor(() => expect(store.current().config.gateway.port).toBe(5002), soon)
  })

  test('behind a link', async () => {
    const folder = path.join(home, 'dotfiles')
    fs.mkdirSync(folder)
    fs.writeFileSync(path.join(folder, 'config.yaml'), text(5001))
    fs.symlinkSync(path.join(folder, 'config.yaml'), file())
    const store = await open({ watch: true })
    fs.writeFileSync(path.join(folder, 'config.yaml'), `${text(5002)}# longer\n`)
    await vi.waitFor(() => expect(store.current().config.gateway.port).toBe(5002), soon)
  })

  test('that breaks it keeps the old config and says why; mending it counts', async () => {
    write(text(5001))
    const store = await open({ watch: true })
    const heard: string[] = []
    store.subscribe(({ problems }) => heard.push(problems.map((problem) => problem.path).join()))
    write('gatewy: {}\n')
    await vi.waitFor(() => expect(store.current().problems[0]?.path).toBe('gatewy'), soon)
    expect([store.current().config.gateway.port, store.current().text]).toEqual([5001, 'gatewy: {}\n'])
    // a restart would not find it any more
    await vi.waitFor(async () => expect(await store.versions()).toHaveLength(1), soon)
    expect(await store.version((await store.versions())[0]!.id)).toBe(text(5001))
    const mended = await store.save({ text: text(5003), revision: store.current().revision })
    expect([mended.config.gateway.port, mended.problems]).toEqual([5003, []])
    expect(heard.slice(-2)).toEqual(['gatewy,virtualrouter.routing.default', ''])
  })

  test('a file that goes away and comes back', async () => {
    write(text(5001))
    const store = await open({ watch: true })
    fs.rmSync(file())
    await vi.waitFor(() => expect(store.current().problems[0]?.message).toBe('the file is gone'), soon)
    expect(store.current().config.gateway.port).toBe(5001)
    write(text(5001))
    await vi.waitFor(() => expect(store.current().problems).toEqual([]), soon)
  })

  test('a first file written while the environment was in force', async () => {
    const later = path.join(home, 'later')
    const store = await open({ watch: true, home: later })
    fs.mkdirSync(later)
    fs.writeFileSync(path.join(later, 'config.yaml'), text(5002))
    await vi.waitFor(() => expect(store.current().source).toBe('file'), soon)
    expect(store.current().config.gateway.port).toBe(5002)
  })

  test('nobody hears anything after close or unsubscribe', async () => {
    write(text(5001))
    const store = await open()
    const listener = vi.fn()
    store.subscribe(listener)()
    await store.save({ text: text(5002), revision: store.current().revision })
    expect(listener).not.toHaveBeenCalled()
  })
})
