import path from 'node:path'
import { ConnectError } from './connect-error.ts'
import { envFile } from './env-file.ts'
import { type Change, diffOf, isChanged, isOnlyOurs, writeAll } from './file-change.ts'
import { clientGateway, type GatewayAddress, refuseLoop, type UpstreamAddress } from './gateway-address.ts'
import { geminiCliFiles } from './gemini-cli-files.ts'
import { geminiCliVariables, selectedTypeKey, selectedTypeValue } from './gemini-cli-wants.ts'
import { geminiCliWarnings } from './gemini-cli-warnings.ts'
import type { KeyedDocument } from './keyed-document.ts'
import { giveBack, takeKeys } from './owned-keys.ts'
import { type OwnedFile, readOwnership, writeOwnership } from './ownership.ts'
import { settingsFile } from './settings-file.ts'
import {
  checkWritable,
  fingerprint,
  makeFolder,
  readTextFile,
  removeFolderIfEmpty,
  type TextFile,
} from './text-file.ts'

export interface GeminiCliOptions {
  gateway: GatewayAddress
  /** The user's home folder; GEMINI_CLI_HOME in the environment takes its place. */
  home: string
  /** Patchbay's `state` folder, where the record for the undo lies. */
  stateFolder: string
  environment: Readonly<Record<string, string | undefined>>
  /** Where the user will start the CLI: decides which `.env` it reads. */
  workingDirectory: string
  now: () => Date
  /** The configured providers, to refuse a loop. */
  upstreams?: readonly UpstreamAddress[]
  /** Leaves the user's own Gemini key in its header and puts the client key into the address. */
  keepOwnKey?: boolean
}

/** The address of the gateway does not matter for going back. */
export type DisconnectOptions = Omit<GeminiCliOptions, 'gateway' | 'upstreams' | 'keepOwnKey'>

export interface ClientPreview {
  files: { path: string; diff: string }[]
  /** Changes when one of the files does; hand it to `connectGeminiCli` to write exactly what was shown. */
  revision: string
  warnings: string[]
}

export interface ClientConnection {
  files: { path: string; diff: string; backup?: string }[]
  warnings: string[]
}

export interface ClientDisconnection {
  files: { path: string; diff: string; backup?: string; removed: boolean }[]
  /** Settings the user changed after us: left as they are. */
  left: { path: string; key: string }[]
}

/** What connecting would change, as diffs with every secret hidden. Writes nothing. */
export async function previewGeminiCli(options: GeminiCliOptions): Promise<ClientPreview> {
  const plan = await planConnect(options)
  const known = knownSecrets(options.gateway)
  const files = plan.changes
    .filter(isChanged)
    .map((change) => ({ path: change.file.path, diff: diffOf(change, known) }))
  return { files, revision: plan.revision, warnings: plan.warnings }
}

/** Merges the needed keys into the CLI's settings and `.env`; every other byte stays. */
export async function connectGeminiCli(options: GeminiCliOptions & { revision?: string }): Promise<ClientConnection> {
  const plan = await planConnect(options)
  if (options.revision !== undefined && options.revision !== plan.revision) {
    throw new ConnectError(
      'The files changed since the preview was made. Nothing was written; look at the preview again.',
    )
  }
  const changes = plan.changes.filter(isChanged)
  if (changes.length === 0) return { files: [], warnings: plan.warnings }
  for (const { file } of changes) await checkWritable(file)
  for (const { file, owned } of changes) owned!.createdFolder ||= await makeFolder(path.dirname(file.path))

  const mine = changes.map(({ owned }) => owned!)
  const others = plan.record.filter((owned) => !mine.some(({ path }) => path === owned.path))
  // The record first: whatever happens next, the undo knows of it.
  await writeOwnership(recordPath(options), [...others, ...mine])
  const backups = await writeAll(changes, options.now()).catch(async (cause) => {
    await writeOwnership(recordPath(options), plan.record)
    throw cause
  })
  const known = knownSecrets(options.gateway)
  return {
    files: changes.map((change, index) => ({
      path: change.file.path,
      diff: diffOf(change, known),
      backup: backups[index],
    })),
    warnings: plan.warnings,
  }
}

/** Takes back our keys and nothing else. Without a later change by anyone, the files are as they were, byte for byte. */
export async function disconnectGeminiCli(options: DisconnectOptions): Promise<ClientDisconnection> {
  const record = await readOwnership(recordPath(options))
  const paths = Object.values(geminiCliFiles(options))
  const ours = record.filter((owned) => paths.includes(owned.path))
  const changes: Change[] = []
  const left: ClientDisconnection['left'] = []
  for (const owned of ours) {
    const document = documentFor(owned.path)
    const file = await readTextFile(owned.path)
    if (file.text === undefined) continue
    document.check(file.text, file.path)
    const given = giveBack(document, file.text, owned)
    left.push(...given.left.map((key) => ({ path: owned.path, key })))
    const gone = !owned.existed && document.isEmpty(given.text)
    changes.push({
      file,
      document,
      after: gone ? undefined : given.text,
      owned,
      onlyOurs: isOnlyOurs(owned, file.text),
    })
  }
  const changed = changes.filter(isChanged)
  for (const { file } of changed) await checkWritable(file)
  const backups = await writeAll(changed, options.now())
  for (const owned of ours) if (owned.createdFolder) await removeFolderIfEmpty(path.dirname(owned.path))
  if (ours.length > 0) {
    await writeOwnership(
      recordPath(options),
      record.filter((owned) => !ours.includes(owned)),
    )
  }
  const known = new Map(ours.flatMap(({ keys }) => keys).map(({ key, value }) => [value, clientKeyName(key)]))
  return {
    files: changed.map((change, index) => ({
      path: change.file.path,
      diff: diffOf(change, new Map([...known].filter(([, name]) => name !== ''))),
      backup: backups[index],
      removed: change.after === undefined,
    })),
    left,
  }
}

async function planConnect(options: GeminiCliOptions) {
  const gateway = clientGateway(options.gateway)
  refuseLoop(gateway.url, options.upstreams ?? [])
  const paths = geminiCliFiles(options)
  const record = await readOwnership(recordPath(options))
  const settings = await readTextFile(paths.settings)
  const env = await readTextFile(paths.env)
  const ownedEnv = record.find((owned) => owned.path === paths.env)
  const variables = geminiCliVariables({ ...options, gateway, env: env.text ?? '', owned: ownedEnv })
  const changes = [
    planFile(settings, settingsFile, new Map([[selectedTypeKey, selectedTypeValue]]), record),
    planFile(env, envFile, variables, record),
  ]
  return {
    changes,
    record,
    revision: fingerprint(changes.map(({ file }) => `${file.realPath}\n${fingerprint(file.text)}`).join('\n')),
    warnings: await geminiCliWarnings({ ...options, gateway, files: { settings, env }, writing: true }),
  }
}

function planFile(
  file: TextFile,
  document: KeyedDocument,
  wanted: ReadonlyMap<string, string>,
  record: readonly OwnedFile[],
): Change {
  const text = file.text ?? ''
  document.check(text, file.path)
  const owned = file.text === undefined ? undefined : record.find((candidate) => candidate.path === file.path)
  const there = [...wanted].every(([key, value]) => document.find(text, key)?.value === value)
  const stale = owned?.keys.some(({ key }) => !wanted.has(key)) ?? false
  const onlyOurs = isOnlyOurs(owned, text)
  if (there && !stale) return { file, document, after: file.text, onlyOurs }
  const taken = takeKeys(document, text, wanted, owned)
  document.check(taken.text, file.path)
  return {
    file,
    document,
    after: taken.text,
    onlyOurs,
    owned: {
      path: file.path,
      existed: owned?.existed ?? file.text !== undefined,
      createdFolder: owned?.createdFolder ?? false,
      left: fingerprint(taken.text),
      edits: taken.edits,
      keys: taken.keys,
    },
  }
}

function documentFor(filePath: string): KeyedDocument {
  return path.basename(filePath) === '.env' ? envFile : settingsFile
}

function recordPath({ stateFolder }: { stateFolder: string }): string {
  return path.join(stateFolder, 'clients', 'gemini-cli.json')
}

function knownSecrets({ clientKey }: GatewayAddress): Map<string, string> {
  return new Map(clientKey ? [[clientKey, '<client key>']] : [])
}

function clientKeyName(key: string): string {
  return key === 'GEMINI_API_KEY' ? '<client key>' : ''
}
