import fs from 'node:fs/promises'
import path from 'node:path'
import { type Document, stringify } from 'yaml'
import { atomicWrite } from './atomic-write.ts'
import { changedProblem, goneProblem, readText, revisionOf, unwritable } from './config-file.ts'
import { configFromEnvironment } from './environment.ts'
import { withFileLock } from './file-lock.ts'
import { type ConfigVersion, keepVersion, listVersions, readVersion } from './history.ts'
import { parseConfig } from './parse.ts'
import { pathsIn } from './paths.ts'
import { printDocument } from './print-document.ts'
import { createProbe, type Probe } from './probe.ts'
import { ConfigError, type Problem } from './problem.ts'
import { readDocument } from './read-document.ts'
import type { KnownProfiles } from './references.ts'
import type { Config } from './schema.ts'
import { watchFile } from './watch-file.ts'

export interface ConfigSnapshot {
  /** In force. Frozen; replaced as a whole. */
  config: Config
  /** What the file says now, and its fingerprint. With problems, `config` is still the last good one. */
  text: string
  revision: string
  problems: readonly Problem[]
  /** The file, there or not. */
  path: string
  source: 'file' | 'environment'
  /** What a start without a file was made from. */
  found: readonly { provider: string; because: string }[]
}

export interface ConfigStore {
  /** Costs nothing: ask at the moment of use. */
  current(): ConfigSnapshot
  validate(text: string): Problem[]
  /** What a text would put in force; throws a ConfigError that says all that is wrong. */
  read(text: string): Config
  /** Refused (ConfigError `changed`) when the file is no longer the one of `revision`. */
  save(change: { text: string; revision: string }): Promise<ConfigSnapshot>
  /** Changes the document in place; the user's comments and order stay. Without a file it counts until the end. */
  edit(change: (document: Document) => void): Promise<ConfigSnapshot>
  /** The versions that saves and edits laid aside, newest first. */
  versions(): Promise<ConfigVersion[]>
  version(id: string): Promise<string | undefined>
  /** Called after each change of the snapshot, a broken edit by hand included. */
  subscribe(listener: (snapshot: ConfigSnapshot) => void): () => void
  close(): Promise<void>
}

export interface ConfigStoreOptions {
  /** The file the user named; undefined: `config.yaml` in `home`, else the environment. */
  file: string | undefined
  home: string
  env: Readonly<Record<string, string | undefined>>
  now: () => Date
  knownProfiles: KnownProfiles
  watch: boolean
  /** Start in spite of a file with mistakes, on the newest good version that was laid aside, if there is one. */
  lastGood?: boolean
  probe?: Probe
  /** Asked at a start without a file: a client key of Patchbay's own is no key of a provider. */
  isClientKey?: (key: string) => Promise<boolean>
}

/** Reads the config, or throws a ConfigError that says all that is wrong; then keeps it in step with its file. */
export async function createConfigStore(options: ConfigStoreOptions): Promise<ConfigStore> {
  const paths = pathsIn(options.home)
  const file = path.resolve(options.file ?? paths.config)
  const lock = path.join(paths.state, 'config.lock')
  const listeners = new Set<(snapshot: ConfigSnapshot) => void>()
  const parse = (text: string) => parseConfig(text, { knownProfiles: options.knownProfiles })
  let snapshot = await start()
  let closed = false

  async function start(): Promise<ConfigSnapshot> {
    const text = await readText(file)
    if (text !== undefined) {
      try {
        return fromFile(text)
      } catch (error) {
        if (error instanceof ConfigError) return fromLastGood(text, error)
        throw error
      }
    }
    if (options.file !== undefined) {
      const hint = 'Check the path, or leave --config out to start with what is found.'
      throw new ConfigError('missing', [{ path: file, message: 'there is no such file', hint }])
    }
    const { input, found } = await configFromEnvironment({
      env: options.env,
      probe: options.probe ?? createProbe(),
      isClientKey: options.isClientKey,
    })
    const written = `# Found in the environment. Nothing is written to disk until you save it.\n${stringify(input)}`
    return { ...fromFile(written), source: 'environment', found }
  }

  function fromFile(text: string): ConfigSnapshot {
    const parsed = parse(text)
    if ('problems' in parsed) throw new ConfigError('invalid', parsed.problems)
    const revision = revisionOf(text)
    return { config: parsed.config, text, revision, problems: [], path: file, source: 'file', found: [] }
  }

  /** The newest good version that was laid aside, while the file says something else; where it is wanted. */
  async function fromLastGood(text: string, { problems }: ConfigError): Promise<ConfigSnapshot> {
    for (const { id, savedAt } of await listVersions(paths.history)) {
      const good = await readVersion(paths.history, id)
      if (good === undefined || 'problems' in parse(good)) continue
      if (!options.lastGood) throw new ConfigError('invalid', problems, undefined, savedAt)
      return { ...fromFile(good), text, revision: revisionOf(text), problems }
    }
    throw new ConfigError('invalid', problems)
  }

  function put(next: ConfigSnapshot): ConfigSnapshot {
    snapshot = next
    for (const listener of [...listeners]) listener(next)
    return next
  }

  // one change at a time: saves, edits and reloads never cross
  let queue: Promise<unknown> = Promise.resolve()
  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = queue.then(action)
    queue = result.catch(() => undefined) // the caller hears of it through `result`
    return result
  }

  async function reload(): Promise<void> {
    if (closed) return
    const read = await readText(file).catch((error: unknown) =>
      error instanceof ConfigError ? error : Promise.reject(error),
    )
    if (read instanceof ConfigError) return void keepWith(read.problems)
    if (read === undefined) {
      if (snapshot.source === 'file') keepWith([goneProblem(file)])
    } else if (read !== snapshot.text || snapshot.source !== 'file') {
      const parsed = parse(read)
      if ('config' in parsed) put(fromFile(read))
      else await spoilt(read, parsed.problems)
    } else if (snapshot.problems.some(({ path: at }) => at === file)) put(fromFile(read)) // there again, as it was
  }

  /** The last good version stays in force, and is laid aside: a restart would not find it any more. */
  async function spoilt(text: string, problems: readonly Problem[]): Promise<void> {
    const { source, problems: before, text: good } = snapshot
    put({ ...snapshot, text, revision: revisionOf(text), problems })
    if (source !== 'file' || before.length > 0) return
    try {
      await keepVersion(paths.history, good, options.now())
    } catch (error) {
      put({ ...snapshot, problems: [...problems, ...unwritable(paths.history, error).problems] })
    }
  }

  function keepWith(problems: readonly Problem[]): void {
    if (snapshot.problems[0]?.message !== problems[0]?.message) put({ ...snapshot, problems })
  }

  /** The file's text now; for a start without a file, what was found. */
  async function textNow(): Promise<string> {
    const text = await readText(file)
    if (text !== undefined) return text
    if (snapshot.source === 'environment') return snapshot.text
    throw new ConfigError('changed', [goneProblem(file)])
  }

  async function write(text: string, before: string | undefined): Promise<ConfigSnapshot> {
    const next = fromFile(text)
    try {
      if (before !== undefined) await keepVersion(paths.history, before, options.now())
      await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      await atomicWrite(file, text)
    } catch (error) {
      throw unwritable(file, error)
    }
    return put(next)
  }

  const locked = <T>(action: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      try {
        return await withFileLock(lock, action)
      } catch (error) {
        throw error instanceof ConfigError ? error : unwritable(file, error)
      }
    })

  const watcher = options.watch ? watchFile(file, () => void inTurn(reload)) : undefined

  return {
    current: () => snapshot,
    validate(text) {
      const parsed = parse(text)
      return 'problems' in parsed ? parsed.problems : []
    },
    read: (text) => fromFile(text).config,
    versions: () => listVersions(paths.history),
    version: (id) => readVersion(paths.history, id),
    save: ({ text, revision }) =>
      locked(async () => {
        const before = await textNow()
        if (revisionOf(before) !== revision) {
          await reload() // who is refused asks for it next, perhaps before the watcher has seen it
          throw new ConfigError('changed', [changedProblem(file)])
        }
        if (before === text && snapshot.source === 'file') return snapshot
        return write(text, (await readText(file)) === undefined ? undefined : before)
      }),
    edit: (change) =>
      locked(async () => {
        const before = await textNow()
        const read = readDocument(before)
        if ('problems' in read) throw new ConfigError('invalid', read.problems)
        change(read.document)
        const text = printDocument(read.document, before)
        if (text === before) return snapshot
        if (snapshot.source === 'file') return write(text, before)
        return put({ ...fromFile(text), source: 'environment', found: snapshot.found })
      }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      watcher?.close()
      listeners.clear()
      await queue
    },
  }
}
