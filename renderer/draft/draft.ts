import { create } from 'zustand'
import type { ConfigView } from '../../src-core/control/contract.ts'
import { type AppClient, CallError, type CallFailure } from '../app-client.ts'
import { useWindow } from '../store.ts'
import type { Config } from './config-value.ts'
import { type Change, draftInput, withChange } from './draft-changes.ts'

type Problems = NonNullable<CallFailure['problems']>

/** Edits of the config that nobody else sees until they are applied. */
interface Draft {
  changes: readonly Change[]
  /** What the changes were made on; undefined without any. */
  base: Pick<ConfigView, 'text' | 'revision'> | undefined
  /** The config's text as it would be saved; undefined until the gateway has told it. */
  text: string | undefined
  /** What it would put in force; while there are problems, what it was before them. */
  value: Config | undefined
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
  text: undefined,
  value: undefined,
  problems: undefined,
  failure: undefined,
  saving: false,
  replaced: undefined,
}

export const useDraft = create<Draft>()(() => none)

const { getState: get, setState: set } = useDraft

/** Adds a change and has the whole draft checked. Nothing is saved. */
export async function addChange(client: AppClient, change: Change): Promise<void> {
  const base = get().base ?? useWindow.getState().config ?? (await client.call('getConfig', {}))
  const { changes: before } = get()
  set(({ text, value }) => ({ ...none, base, text, value, changes: withChange(before, change) }))
  await check(client, before)
}

export async function undoLastChange(client: AppClient): Promise<void> {
  const changes = get().changes.slice(0, -1)
  if (changes.length === 0) return set(none)
  set(({ base, text, value }) => ({ ...none, base, text, value, changes }))
  await check(client)
}

export function discardDraft(): void {
  set(none)
}

/** Has the draft made and judged. A change that cannot be made at all is taken back, and the bar says why. */
async function check(client: AppClient, before?: Draft['changes']): Promise<void> {
  const { changes, base } = get()
  if (!base) return
  // a later change has its own check
  const isLatest = () => get().changes === changes
  try {
    const { text, problems, value } = await client.call('draftConfig', draftInput(base.text, changes))
    if (isLatest()) set((draft) => ({ text, problems, value: value ?? draft.value }))
  } catch (thrown) {
    if (!(thrown instanceof CallError)) throw thrown
    if (!isLatest()) return
    const isImpossible = thrown.kind === 'conflict' && before !== undefined
    set({ failure: { kind: isImpossible ? 'refused' : thrown.kind, message: thrown.message } })
    if (isImpossible) set({ changes: before, problems: [], ...(before.length === 0 ? { base: undefined } : {}) })
  }
}

/** Saves the draft, unless the file changed since: then the changes move to the new text and wait for another word. */
export async function applyDraft(client: AppClient): Promise<void> {
  const { base, text, saving } = get()
  if (!base || text === undefined || saving) return
  await save(client, { text, revision: base.revision }, base.text)
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
    // known before the draft goes: pages never show for a moment what was before it
    useWindow.setState({ config: await client.call('getConfig', {}) })
    set({ ...none, replaced: before === undefined ? undefined : { text: before, revision } })
  })
  if (get().failure?.kind === 'conflict' && get().changes.length > 0) {
    await attempt(async () => set({ base: await client.call('getConfig', {}), problems: undefined }), false)
    await check(client)
  }
  set({ saving: false })
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
