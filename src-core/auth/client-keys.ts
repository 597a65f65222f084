import { randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { watchFile } from '../config/watch-file.ts'
import { type ClientKey, fingerprintOf } from './client-key.ts'
import { createJsonFile } from './json-file.ts'

/** The key made at the first start. It stays: the clients Patchbay connects by itself show it. */
export const firstKeyName = 'default'

/** All keys clients may show, by name. Of those made later only a fingerprint is kept: their value is told once. */
export interface ClientKeys {
  /** Whose key this is; undefined: nobody's. Takes the same time whichever of them it is not. */
  nameOf(given: string): string | undefined
  list(): ClientKeyView[]
  /** The new key. False when there is one of that name. */
  create(name: string): Promise<string | false>
  /** Counts from the next request. False when there was none. */
  revoke(name: string): Promise<boolean>
  /** Values known by now: what must never be written anywhere. */
  known(): Iterable<string>
  /** From now on what other processes change counts here too. */
  follow(): void
  close(): Promise<void>
}

/** Times in milliseconds since the epoch. */
export interface ClientKeyView {
  name: string
  createdAt?: number
  lastUsedAt?: number
}

export interface ClientKeysOptions {
  /** The one named `default`; undefined while none is asked for. */
  first: () => ClientKey | undefined
  /** `$PATCHBAY_HOME/state/client-keys.json` */
  file: string
  now: () => number
  random?: (bytes: number) => Buffer
  /** The file could not be read when it changed, or written. */
  failed: (thrown: unknown) => void
}

const content = z.object({
  version: z.literal(1),
  keys: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.number() })),
  /** By name; of the default key too. */
  lastUsed: z.record(z.string(), z.number()),
})
type Content = z.infer<typeof content>

interface NamedKey {
  name: string
  createdAt: number
  fingerprint: Buffer
}

/** How late the file may say that a key was used. */
const noteUseMs = 60_000

/** Throws a ConfigError when the file is torn: keys that are not known any more must not seem to be revoked. */
export async function createClientKeys(options: ClientKeysOptions): Promise<ClientKeys> {
  const { first, now, random = randomBytes, failed } = options
  const file = createJsonFile({
    file: options.file,
    content,
    empty: (): Content => ({ version: 1, keys: {}, lastUsed: {} }),
    unreadable: { message: 'is not a list of client keys', hint: 'Remove it and make the keys in it again.' },
  })
  let named: NamedKey[] = []
  const lastUsed = new Map<string, number>()
  /** Of keys kept as a fingerprint, the values that were made or shown in this run. */
  const seen = new Map<string, string>()
  let noting: NodeJS.Timeout | undefined

  function take({ keys, lastUsed: used }: Content): void {
    named = Object.entries(keys).map(([name, { sha256, createdAt }]) => ({
      name,
      createdAt,
      fingerprint: Buffer.from(sha256, 'hex'),
    }))
    for (const [name, at] of Object.entries(used)) lastUsed.set(name, Math.max(at, lastUsed.get(name) ?? 0))
  }

  /** Takes what another process wrote meanwhile, and writes what `how` makes of it. */
  const change = (how: (content: Content) => boolean): Promise<boolean> =>
    file.change((content) => {
      const changed = how(content)
      take(content)
      return changed
    })

  async function noteUse(): Promise<void> {
    clearTimeout(noting)
    noting = undefined
    await change(({ keys, lastUsed: written }) => {
      const newer = [...lastUsed].filter(
        ([name, at]) => at > (written[name] ?? 0) && (name === firstKeyName || Object.hasOwn(keys, name)),
      )
      Object.assign(written, Object.fromEntries(newer))
      return newer.length > 0
    })
  }

  function used(name: string): string {
    lastUsed.set(name, now())
    noting ??= setTimeout(() => void noteUse().catch(failed), noteUseMs).unref()
    return name
  }

  function namedKey(given: string): NamedKey | undefined {
    if (named.length === 0) return undefined
    const fingerprint = Buffer.from(fingerprintOf(given), 'hex')
    let found: NamedKey | undefined
    for (const key of named) if (timingSafeEqual(fingerprint, key.fingerprint)) found = key
    return found
  }

  take(await file.read())
  let watcher: ReturnType<typeof watchFile> | undefined

  return {
    nameOf(given) {
      if (first()?.accepts(given)) return used(firstKeyName)
      const key = namedKey(given)
      if (!key) return undefined
      seen.set(key.name, given)
      return used(key.name)
    },
    list: () => [
      { name: firstKeyName, lastUsedAt: lastUsed.get(firstKeyName) },
      ...named.map(({ name, createdAt }) => ({ name, createdAt, lastUsedAt: lastUsed.get(name) })),
    ],
    async create(name) {
      const key = `pb-${random(32).toString('base64url')}`
      const isNew = await change(({ keys, lastUsed: written }) => {
        if (name === firstKeyName || Object.hasOwn(keys, name)) return false
        keys[name] = { sha256: fingerprintOf(key), createdAt: now() }
        delete written[name]
        lastUsed.delete(name)
        return true
      })
      if (isNew) seen.set(name, key)
      return isNew && key
    },
    revoke: (name) => change(({ keys }) => Object.hasOwn(keys, name) && delete keys[name]),
    known: () => [...(first()?.known ?? []), ...seen.values()],
    follow() {
      watcher ??= watchFile(options.file, () => void file.read().then(take).catch(failed))
    },
    async close() {
      watcher?.close()
      if (noting) await noteUse().catch(failed)
    },
  }
}
