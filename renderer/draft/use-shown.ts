import type { Path, Value } from './config-value.ts'
import { useDraft } from './draft.ts'
import type { Change } from './draft-changes.ts'

/**
 * What a control shows: what its own change says, even while the draft as a whole makes no sense and has no value.
 * `inForce` is what the config says there.
 */
export function useShown<Shown extends Value | undefined>(path: Path, inForce: Shown): Shown {
  const changes = useDraft((draft) => draft.changes)
  const isJudgedWell = useDraft(({ problems }) => problems?.length === 0)
  const own = isJudgedWell ? undefined : latestAt(changes, path)
  return own === undefined ? inForce : (own.value as Shown)
}

/** What the last change of exactly this place puts there; undefined when none does. */
export function latestAt(changes: readonly Change[], path: Path): { value: Value | undefined } | undefined {
  const words = JSON.stringify(path)
  const steps = changes.flatMap((change) => ('steps' in change ? change.steps : []))
  const step = steps.findLast((each) => !('to' in each) && JSON.stringify(each.path) === words)
  return step && { value: 'value' in step ? step.value : undefined }
}
