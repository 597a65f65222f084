import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { useDraftConfig, useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { GroupEditor } from './group-editor.tsx'
import { Limits } from './limits.tsx'
import styles from './routing.module.css'
import { initialWhatIf, WhatIfCard } from './what-if.tsx'
import type { WhatIf } from './what-if-request.ts'

/** Who is asked, in which order, and how much fits: groups, routes, pools, mappings, limits, and a what-if. */
export default function Routing() {
  const { routing: words, shell } = useMessages()
  const config = useDraftConfig()
  const [chosen, setChosen] = useState<string>()
  const [whatIf, setWhatIf] = useState<WhatIf>(initialWhatIf)
  // a draft can be read before the state has come
  const inForce = useWindow(({ state }) => state?.activeGroup)
  if (!config) return <p>{shell.loading}</p>
  const router = config.virtualrouter
  const named = Object.entries(router.routingGroups).map(([id, { label }]) => ({ id, label: label ?? id }))
  const hasTop = named.length === 0 || Object.keys(router.routing).length > 0
  const groups = hasTop ? [{ id: 'default', label: 'default' }, ...named] : named
  const active = router.activeGroup
  const deciding = router.routingGroups[active ?? groups[0]!.id]?.routing ?? router.routing
  const open = groups.some(({ id }) => id === chosen)
    ? chosen!
    : groups.some(({ id }) => id === active)
      ? active
      : groups[0]!.id
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        <Tabs
          label={words.group}
          open={open}
          onOpen={setChosen}
          tabs={[
            ...groups.map(({ id, label }) => ({
              id,
              title: (
                <>
                  {label} {id === inForce ? <span className={styles.tag}>{words.active}</span> : null}
                </>
              ),
              body: <GroupEditor key={id} group={id} router={router} last={groups.length === 1} />,
            })),
            { id: ' new', title: words.newGroup, body: <NewGroup onAdded={setChosen} /> },
          ]}
        />
      </div>
      <div className={styles.side}>
        <WhatIfCard whatIf={whatIf} onChange={setWhatIf} routes={Object.keys(deciding)} />
        <Limits config={config} tokens={whatIf.tokens} />
      </div>
    </div>
  )
}

function NewGroup({ onAdded }: { onAdded(group: string): void }) {
  const { routing: words } = useMessages()
  const edit = useEdit()
  const [name, setName] = useState('')
  function submit(event: FormEvent): void {
    event.preventDefault()
    const value = { routing: { default: [] } }
    edit(words.labels.groupAdded(name), [{ path: ['virtualrouter', 'routingGroups', name], value }])
    onAdded(name)
  }
  return (
    <form className={styles.row} onSubmit={submit}>
      <Field label={words.groupName} hint={words.groupNameHint}>
        {(control) => (
          <input {...control} value={name} spellCheck={false} onChange={({ target }) => setName(target.value.trim())} />
        )}
      </Field>
      <Button type="submit" disabled={!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)}>
        {words.addGroup}
      </Button>
    </form>
  )
}
