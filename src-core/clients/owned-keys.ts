import { applyEdits, type Edit, revertEdits } from './edit.ts'
import type { KeyedDocument } from './keyed-document.ts'
import type { OwnedFile, OwnedKey } from './ownership.ts'
import { fingerprint } from './text-file.ts'

export interface Taken {
  text: string
  edits: Edit[] | undefined
  keys: OwnedKey[]
}

/** Sets the wanted keys in a text, remembering what stood there before the first time we touched it. */
export function takeKeys(
  document: KeyedDocument,
  text: string,
  wanted: ReadonlyMap<string, string>,
  owned: OwnedFile | undefined,
): Taken {
  const untouched = owned?.edits !== undefined && owned.left === fingerprint(text)
  const stale = owned?.keys.filter((key) => !wanted.has(key.key)) ?? []
  let current = untouched ? revertEdits(text, owned.edits!) : giveBackKeys(document, text, stale).text
  const earlier = untouched ? [] : (owned?.keys ?? [])
  const edits: Edit[] = []
  const keys: OwnedKey[] = []
  for (const [key, value] of wanted) {
    const found = document.find(current, key)
    const mine = earlier.find((candidate) => candidate.key === key && candidate.value === found?.value)
    const keptDepth = mine?.keptDepth ?? earlierDepth(earlier, key) ?? document.depth(current, key)
    keys.push({ key, before: mine ? mine.before : (found?.raw ?? null), value, keptDepth })
    if (found?.value === value) continue
    const step = document.set(current, key, value)
    edits.push(...step)
    current = applyEdits(current, step)
  }
  return { text: current, edits: owned && !untouched ? undefined : edits, keys }
}

/** A key of ours the user took out since: the levels we once made around it are still ours. */
function earlierDepth(earlier: readonly OwnedKey[], key: string): number | undefined {
  return earlier.find((candidate) => candidate.key === key)?.keptDepth
}

export interface GivenBack {
  text: string
  /** Keys whose value is no longer the one we set: they are the user's now. */
  left: string[]
}

/** Undoes our keys one by one, where a text was changed since. */
function giveBackKeys(document: KeyedDocument, text: string, keys: readonly OwnedKey[]): GivenBack {
  let current = text
  const left: string[] = []
  for (const { key, before, value, keptDepth } of [...keys].reverse()) {
    const found = document.find(current, key)
    if (found?.value !== value) {
      if (found !== undefined || before !== null) left.push(key)
      continue
    }
    const step = before === null ? document.remove(current, key, keptDepth) : document.setRaw(current, key, before)
    current = applyEdits(current, step)
  }
  return { text: current, left: left.reverse() }
}

/** Byte for byte what stood there before us while nobody else wrote; else only our keys are undone. */
export function giveBack(document: KeyedDocument, text: string, owned: OwnedFile): GivenBack {
  if (owned.edits && owned.left === fingerprint(text)) return { text: revertEdits(text, owned.edits), left: [] }
  return giveBackKeys(document, text, owned.keys)
}
