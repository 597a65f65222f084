import { create } from 'zustand'
import type { ConfigView } from '../../src-core/control/contract.ts'
import { type AppClient, CallError, type CallFailure } from '../app-client.ts'
import { useWindow } from '../store.ts'
import { type Change, draftText } from './draft-text.ts'

type Problems = NonNullable<CallFailure['problems']>

/** Edits of the config that nobody else sees until they are applied. */
interface Draft {
  changes: readonly Change[]
  /** What the changes were made on; undefined without any. */
  base: Pick<ConfigView, 'text' | 'revision'> | undefined
  /** What the gateway would say to it; undefined while it is being asked. */
  problems: Problems | undefined
  /** Why it could not be saved. `conflict`: the file is another one now, and the changes stand on the new text. */
  failure: { kind: CallError['kind']; message: string } | undefined
  saving: boolean
  /** What an apply replaced, for its undo. */
  replaced: { text: string; revision: string } | undefined
}

const none: Draft = {
  changes: [],
  base: undefined,
  problems: undefined,
  failure: undefined,
  saving: false,
  replaced: undefined,
}

export const useDraft = create<Draft>()(() => none)

const { getState: get, setState: set } = useDraft

/** The config's text as it would be saved. */
export const textOf = ({ base, changes }: Draft): string => (base ? draftText(base.text, changes) : '')

/** Adds a change and has the whole draft checked. Nothing is saved. */
export async function addChange(client: AppClient, change: Change): Promise<void> {
  const base = get().base ?? useWindow.getState().config ?? (await client.call('getConfig', {}))
  set(({ changes }) => ({ ...none, base, changes: [...changes, change] }))
  await check(client)
}

export async function undoLastChange(client: AppClient): Promise<void> {
  const changes = get().changes.slice(0, -1)
  if (changes.length === 0) return set(none)
  set(({ base }) => ({ ...none, base, changes }))
  await check(client)
}

export function discardDraft(): void {
  set(none)
}

async function check(client: AppClient): Promise<void> {
  const { changes } = get()
  await attempt(async () => {
    const { problems } = await client.call('validateConfig', { text: textOf(get()) })
    // a later change has its own check
    if (get().changes === changes) set({ problems })
  })
}

/** Saves the draft, unless the file changed since: then the changes move to the new text and wait for another word. */
export async function applyDraft(client: AppClient): Promise<void> {
  const { base } = get()
  if (!base || get().saving) return
  await save(client, { text: textOf(get()), revision: base.revision }, base.text)
}

/** Puts back what the last apply replaced. */
export async function undoApplied(client: AppClient): Promise<void> {
  const { replaced } = get()
  if (!replaced || get().saving) return
  await save(client, replaced, undefined)
}

/** Forgets the offer to undo. */
export function keepApplied(): void {
  set({ replaced: undefined })
}

async function save(client: AppClient, wanted: { text: string; revision: string }, before: string | undefined) {
  set({ saving: true, failure: undefined })
  await attempt(async () => {
    const { revision } = await client.call('saveConfig', wanted)
    set({ ...none, replaced: before === undefined ? undefined : { text: before, revision } })
  })
  set({ saving: false })
  if (get().failure?.kind !== 'conflict' || get().changes.length === 0) return
  await attempt(async () => set({ base: await client.call('getConfig', {}), problems: undefined }), false)
  await check(client)
}

/** Runs a call; what it was refused with is shown in the draft bar. */
async function attempt(call: () => Promise<void>, show = true): Promise<void> {
  try {
    await call()
  } catch (thrown) {
    if (!(thrown instanceof CallError)) throw thrown
    if (show) set({ failure: { kind: thrown.kind, message: thrown.message }, problems: thrown.problems })
  }
}
