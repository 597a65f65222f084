import path from 'node:path'
import { withFileLock } from '../../config/file-lock.ts'
import { KeychainError } from '../keychain-error.ts'
import type { SecretStore, Stored } from '../secret-store.ts'
import { type Account, readAccount, writeAccount } from './account.ts'

/** The accounts of all providers, by `provider/alias`. Their tokens lie in the keychain and nowhere else. */
export interface Accounts {
  /** At once when it has been read before. undefined: signed out. Rejects with a KeychainError. */
  get(id: string): Account | undefined | Promise<Account | undefined>
  /** As the keychain has it now, unless this run knows better. Rejects with a KeychainError. */
  getAnew(id: string): Promise<Account | undefined>
  /** Where no keychain takes it, it counts for this run and is offered to the keychain again from time to time. */
  put(id: string, account: Account, patienceMs?: number): Promise<Stored>
  /** While no other change of this account is under way, in this process or another. Not to be asked for within itself. */
  locked<Value>(id: string, action: () => Promise<Value>): Promise<Value>
  /** False when there was none. Rejects with a KeychainError. */
  remove(id: string): Promise<boolean>
  /** Whoever is signed in; asks no keychain. */
  list(): Promise<string[]>
  /** Why the keychain does not have this account as it is now. */
  unkept(id: string): KeychainError | undefined
  /** Called with each account that is another now, changed here or by another process. */
  subscribe(listener: (id: string) => void): () => void
  /** The tokens of this run: what must never be written anywhere. */
  inUse(): Iterable<string>
  close(): void
}

export interface AccountsOptions {
  /** A store of its own: names in it are those of the keychain's entries. */
  store: SecretStore
  /** The folder of the locks. */
  locks: string
  /** An account could not be put into the keychain, or could at last. */
  told(id: string, trouble: KeychainError | undefined): void
  /** Something of it could not be written down. */
  failed(thrown: unknown): void
}

/** With a space, so that no secret of the user's has its name. */
const prefix = 'account '
/** Of each account; an old token may still stand in an answer under way. */
const mostTokens = 8
/** A refresh waits no longer than this for a keychain that may be asking a question. */
const patienceMs = 3000
const offerAgainMs = 60_000

export function createAccounts({ store, locks, told, failed }: AccountsOptions): Accounts {
  const parsed = new Map<string, { text: string; account: Account }>()
  const tokens = new Map<string, string[]>()
  const unkept = new Map<string, { account: Account; because: KeychainError }>()
  let offering: NodeJS.Timeout | undefined

  function accountIn(id: string, text: string | undefined): Account | undefined {
    if (text === undefined) return undefined
    const known = parsed.get(id)
    if (known?.text === text) return known.account
    const account = readAccount(id, text)
    remember(id, account)
    parsed.set(id, { text, account })
    return account
  }

  function remember(id: string, { accessToken, refreshToken }: Account): void {
    const mine = tokens.get(id) ?? []
    const fresh = [accessToken, refreshToken].filter((token) => token !== undefined && !mine.includes(token))
    tokens.set(id, [...mine, ...(fresh as string[])].slice(-mostTokens))
  }

  async function put(id: string, account: Account, patience = patienceMs): Promise<Stored> {
    remember(id, account)
    const stored = await store.set(prefix + id, writeAccount(account), patience)
    const was = unkept.get(id)
    if (stored.kept === 'this run') unkept.set(id, { account, because: stored.because })
    else unkept.delete(id)
    if ((stored.kept === 'this run') !== (was !== undefined)) told(id, unkept.get(id)?.because)
    offerLater()
    return stored
  }

  /** What only this run knows would be lost with it. */
  function offerLater(): void {
    if (unkept.size === 0 || offering) return
    offering = setTimeout(() => {
      offering = undefined
      offerAgain().catch(failed)
    }, offerAgainMs).unref()
  }

  async function offerAgain(): Promise<void> {
    try {
      for (const id of [...unkept.keys()]) await locked(id, () => offer(id))
    } finally {
      offerLater()
    }
  }

  /** Somebody may have signed in elsewhere meanwhile: the younger one counts. */
  async function offer(id: string): Promise<void> {
    const mine = unkept.get(id)?.account
    if (!mine) return
    try {
      const kept = accountIn(id, await store.getAnew(prefix + id))
      await put(id, kept && kept.obtainedAt > mine.obtainedAt ? kept : mine)
    } catch (thrown) {
      if (!(thrown instanceof KeychainError)) throw thrown // else it is as shut as before
    }
  }

  const locked: Accounts['locked'] = (id, action) =>
    withFileLock(path.join(locks, `${encodeURIComponent(id)}.lock`), action)

  return {
    get(id) {
      const text = store.get(prefix + id)
      if (text === undefined) return undefined
      const known = parsed.get(id)
      if (known !== undefined && known.text === text) return known.account
      return Promise.resolve(text).then((read) => accountIn(id, read))
    },
    getAnew: async (id) => unkept.get(id)?.account ?? accountIn(id, await store.getAnew(prefix + id)),
    put,
    locked,
    async remove(id) {
      const removed = await store.delete(prefix + id)
      unkept.delete(id)
      parsed.delete(id)
      return removed
    },
    async list() {
      const names = await store.list()
      return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
    },
    unkept: (id) => unkept.get(id)?.because,
    subscribe: (listener) =>
      store.subscribe((names) => {
        for (const name of names) listener(name.slice(prefix.length))
      }),
    *inUse() {
      for (const mine of tokens.values()) yield* mine
    },
    close() {
      clearTimeout(offering)
      store.close()
    },
  }
}
