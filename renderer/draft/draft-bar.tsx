import { useEffect, useState } from 'react'
import { create } from 'zustand'
import { useClient } from '../client-context.ts'
import { Button } from '../components/button.tsx'
import { Diff } from '../components/diff.tsx'
import { Notice } from '../components/notice.tsx'
import { useMessages } from '../messages.ts'
import { applyDraft, discardDraft, keepApplied, undoApplied, undoLastChange, useDraft } from './draft.ts'
import styles from './draft-bar.module.css'
import { lineDiff } from './line-diff.ts'

/** How many sheets show the bar themselves: then the one below them, which they cover, is not there twice. */
const useSheets = create<{ open: number }>()(() => ({ open: 0 }))

/** The bar at the foot of a sheet that edits the config. */
export function SheetDraftBar() {
  useEffect(() => {
    useSheets.setState(({ open }) => ({ open: open + 1 }))
    return () => useSheets.setState(({ open }) => ({ open: open - 1 }))
  }, [])
  return <Bar />
}

export function DraftBar() {
  return useSheets(({ open }) => open > 0) ? null : <Bar />
}

/** Stands while there are changes that are not applied, and once more to undo what was. */
function Bar() {
  const { draft } = useMessages()
  const { changes, replaced, failure } = useDraft()
  if (changes.length === 0 && replaced === undefined && failure === undefined) return null
  return (
    <section className={styles.bar} aria-label={draft.title}>
      {changes.length > 0 ? <Pending /> : <Applied />}
    </section>
  )
}

function Pending() {
  const { draft: words } = useMessages()
  const client = useClient()
  const draft = useDraft()
  const { changes, problems, failure, saving } = draft
  const [open, setOpen] = useState(false)
  const blocked = saving || problems === undefined || problems.length > 0
  return (
    <>
      {failure ? (
        <Notice kind="problem">{failure.kind === 'conflict' ? words.conflict : failure.message}</Notice>
      ) : null}
      {problems?.map(({ path, message, line }) => (
        <Notice key={`${path} ${message}`} kind="problem">
          {words.problem(path, message, line)}
        </Notice>
      ))}
      {open ? <Diff label={words.diff} lines={lineDiff(draft.base?.text ?? '', draft.text ?? '')} /> : null}
      <div className={styles.row}>
        <p role="status">
          <strong>{words.changes(changes.length)}</strong>
          <span className={styles.last}>{problems === undefined ? words.checking : changes.at(-1)?.label}</span>
        </p>
        <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? words.hideDiff : words.showDiff}
        </Button>
        {changes.length > 1 ? (
          <Button look="quiet" onClick={discardDraft}>
            {words.discard}
          </Button>
        ) : null}
        <Button onClick={() => void undoLastChange(client)}>{words.undo}</Button>
        <Button look="main" disabled={blocked} onClick={() => void applyDraft(client)}>
          {words.apply}
        </Button>
      </div>
    </>
  )
}

function Applied() {
  const { draft: words } = useMessages()
  const client = useClient()
  const { failure } = useDraft()
  return (
    <>
      {failure ? <Notice kind="problem">{failure.message}</Notice> : null}
      <div className={styles.row}>
        <p role="status">{words.applied}</p>
        <Button look="quiet" onClick={keepApplied}>
          {words.keep}
        </Button>
        <Button onClick={() => void undoApplied(client)}>{words.undoApplied}</Button>
      </div>
    </>
  )
}
