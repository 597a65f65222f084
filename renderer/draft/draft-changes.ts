import type { InputOf } from '../../src-core/control/contract.ts'
import type { Step } from './config-value.ts'

/**
 * One edit of the config, named for the one who made it: steps, which are done again when the text below them changes,
 * or a whole text in its place.
 */
export type Change = { label: string; steps: readonly Step[] } | { label: string; text: string }

/** A value changed twice in a row is one change: the later one. */
export function withChange(changes: readonly Change[], next: Change): readonly Change[] {
  const last = changes.at(-1)
  return last && isSamePlace(last, next) ? [...changes.slice(0, -1), next] : [...changes, next]
}

function isSamePlace(one: Change, other: Change): boolean {
  if ('text' in one || 'text' in other) return 'text' in one && 'text' in other && one.label === other.label
  const [left, right] = [one.steps, other.steps]
  if (left.length !== 1 || right.length !== 1) return false
  return 'value' in left[0]! && 'value' in right[0]! && JSON.stringify(left[0].path) === JSON.stringify(right[0].path)
}

/** What the gateway is asked, to tell the text as it would be saved. */
export function draftInput(text: string, changes: readonly Change[]): InputOf<'draftConfig'> {
  const whole = changes.findLastIndex((change) => 'text' in change)
  const from = changes[whole]
  return {
    text: from && 'text' in from ? from.text : text,
    changes: changes.slice(whole + 1).flatMap((change) => ('steps' in change ? [...change.steps] : [])),
  }
}
