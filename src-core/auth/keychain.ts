import { joined, partNames, partsIn, toEntries } from './entry-parts.ts'
import { KeychainError, type KeychainTrouble } from './keychain-error.ts'
import type { KeychainProcess } from './keychain-process.ts'

export interface KeychainStatus {
  state: 'ready' | KeychainTrouble
  /** As one sentence, with what to do. */
  words: string
}

/** The system's keychain: values of any length by name. All but `status` reject with a KeychainError. */
export interface Keychain {
  /** Undefined only when the keychain has shown that it can be read. */
  read(name: string): Promise<string | undefined>
  write(name: string, value: string, patienceMs?: number): Promise<void>
  /** False when there was none. */
  remove(name: string, patienceMs?: number): Promise<boolean>
  status(): Promise<KeychainStatus>
  close(): void
}

export interface KeychainOptions {
  /** Undefined: there is no reaching a keychain, as `unreachable` says. */
  process: KeychainProcess | undefined
  unreachable?: KeychainError
  now?: () => number
  patienceMs?: number
}

/** How long a caller waits: a prompt may stand on the screen, and nobody before it. */
const patience = 3000
/** After a failure reads are not tried again for this long, so that no prompt follows the other. */
const restMs = 10_000

/** Names with a space are Patchbay's own; a user's have none. */
const canary = { name: 'patchbay canary', value: 'can be read back' }

export function createKeychain(options: KeychainOptions): Keychain {
  const { process, unreachable, now = Date.now, patienceMs: usual = patience } = options
  let resting: { until: number; because: KeychainError } | undefined
  /** Prompts and slow answers come one at a time. */
  let queue: Promise<unknown> = Promise.resolve()

  type Ask = KeychainProcess['ask']

  async function inTurn<Value>(patienceMs: number, action: (ask: Ask) => Promise<Value>): Promise<Value> {
    if (!process) throw unreachable
    let left = false
    const result = queue.then(() => (left ? Promise.reject(silent()) : action(process.ask)))
    queue = result.then(
      () => {
        resting = undefined
      },
      () => {}, // who asked hears of it
    )
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        left = true
        reject(silent())
      }, patienceMs)
    })
    try {
      return await Promise.race([result, tooLong])
    } catch (error) {
      if (error instanceof KeychainError) resting = { until: now() + restMs, because: error }
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async read(name) {
      if (resting && now() < resting.until) throw resting.because
      return inTurn(usual, async (ask) => {
        const value = await readWhole(ask, name)
        if (value === undefined) await proveReadable(ask)
        return value
      })
    },
    write: (name, value, patienceMs = usual) =>
      inTurn(patienceMs, async (ask) => {
        const { head, parts } = toEntries(name, value)
        const before = await get(ask, name)
        for (const part of parts) await ask({ type: 'set', ...part })
        await ask({ type: 'set', entry: name, value: head })
        if (before !== head) await removeParts(ask, name, before)
      }),
    remove: (name, patienceMs = usual) =>
      inTurn(patienceMs, async (ask) => {
        const head = await get(ask, name)
        if (head === undefined) await proveReadable(ask)
        const removed = (await ask({ type: 'delete', entry: name })) === true
        await removeParts(ask, name, head)
        return removed
      }),
    async status() {
      try {
        await inTurn(usual, proveReadable)
        return { state: 'ready', words: 'The keychain keeps what you give it.' }
      } catch (error) {
        if (!(error instanceof KeychainError)) throw error
        return { state: error.trouble, words: `${sentence(error.message)}. ${error.hint}` }
      }
    },
    close: () => process?.close(),
  }
}

const silent = () => new KeychainError('locked', 'the keychain does not answer; it may be waiting for you to unlock it')

const sentence = (words: string): string => words[0]!.toUpperCase() + words.slice(1)

async function get(ask: KeychainProcess['ask'], entry: string): Promise<string | undefined> {
  const value = await ask({ type: 'get', entry })
  return typeof value === 'string' ? value : undefined
}

async function readWhole(ask: KeychainProcess['ask'], name: string): Promise<string | undefined> {
  const head = await get(ask, name)
  const parts = head === undefined ? undefined : partsIn(head)
  if (!parts) return head
  const pieces: (string | undefined)[] = []
  for (const entry of partNames(name, parts)) pieces.push(await get(ask, entry))
  const value = joined(pieces, parts)
  if (value === undefined) throw new KeychainError('unavailable', `${name} is damaged in the keychain; store it again`)
  return value
}

async function removeParts(ask: KeychainProcess['ask'], name: string, head: string | undefined): Promise<void> {
  const parts = head === undefined ? undefined : partsIn(head)
  if (!parts) return
  for (const entry of partNames(name, parts)) await ask({ type: 'delete', entry })
}

/** A locked keychain can look empty: that nothing is there is believed once an entry of our own has come back. */
async function proveReadable(ask: KeychainProcess['ask']): Promise<void> {
  const entry = canary.name
  if ((await get(ask, entry)) === canary.value) return
  await ask({ type: 'set', entry, value: canary.value })
  if ((await get(ask, entry)) === canary.value) return
  throw new KeychainError('unavailable', 'the keychain does not give back what it was given')
}
