import { useClient } from '../client-context.ts'
import { useWindow } from '../store.ts'
import type { Config, Step } from './config-value.ts'
import { addChange, useDraft } from './draft.ts'

/** Adds steps to the draft; nothing is saved. `label` names them for the one who may undo them. */
export function useEdit(): (label: string, steps: readonly Step[]) => void {
  const client = useClient()
  return (label, steps) => void addChange(client, { label, steps })
}

/** The config as the draft would have it, or as it was the last time the draft made sense; undefined until it is told. */
export function useDraftConfig(): Config | undefined {
  const drafted = useDraft(({ value }) => value)
  const inForce = useWindow(({ config }) => config?.value)
  return drafted ?? inForce
}

/** The text to be asked about in a what-if: only while there is a draft, and one that makes sense. */
export function useDraftText(): string | undefined {
  return useDraft(({ changes, text, problems }) => (changes.length > 0 && problems?.length === 0 ? text : undefined))
}

/** What an answer about routing depends on beside the question: another one, and it has to be asked again. */
export function useRoutingKey(): string {
  const draft = useDraftText()
  const revision = useWindow(({ config }) => config?.revision)
  const resting = useWindow(({ health }) =>
    [...(health?.targets ?? []), ...(health?.credentials ?? [])]
      .filter(({ state }) => state !== 'healthy')
      .map((each) => ('target' in each ? each.target : each.credential))
      .join(' '),
  )
  return JSON.stringify([draft, revision, resting])
}
