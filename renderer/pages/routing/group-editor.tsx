import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Field } from '../../components/field.tsx'
import { ConfigText } from '../../draft/config-fields.tsx'
import { groupOf, groupPath, type VirtualRouter } from '../../draft/config-value.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { MappingEditor } from './mapping-editor.tsx'
import { RouteEditor } from './route-editor.tsx'
import styles from './routing.module.css'

interface GroupEditorProps {
  group: string
  router: VirtualRouter
  /** There is no other group. */
  last: boolean
}

/** One routing group: its label, its routes, its mappings and those of every group. */
export function GroupEditor({ group, router, last }: GroupEditorProps) {
  const { routing: words } = useMessages()
  const edit = useEdit()
  const place = groupPath(router, group)
  const { routing, modelMapping } = groupOf(router, group)
  const isNamed = place.length > 1
  return (
    <div className={styles.stack}>
      {isNamed ? (
        <div className={styles.row}>
          <ConfigText path={[...place, 'label']} label={words.label} value={router.routingGroups[group]?.label} />
          {router.activeGroup === group ? null : (
            <Button
              onClick={() =>
                edit(words.labels.groupActive(group), [{ path: ['virtualrouter', 'activeGroup'], value: group }])
              }
            >
              {words.activate(group)}
            </Button>
          )}
          {last || router.activeGroup === group ? null : (
            <Button look="danger" onClick={() => edit(words.labels.groupRemoved(group), [{ path: place }])}>
              {words.removeGroup(group)}
            </Button>
          )}
        </div>
      ) : null}
      {Object.entries(routing).map(([route, pools]) => (
        <RouteEditor key={route} route={route} pools={pools} place={[...place, 'routing', route]} />
      ))}
      <Card title={words.addRoute}>
        <AddRoute
          taken={Object.keys(routing)}
          onAdd={(route) =>
            edit(words.labels.routeAdded(route), [{ path: [...place, 'routing', route], value: [{ targets: [] }] }])
          }
        />
      </Card>
      <MappingEditor
        title={words.mapping}
        hint={words.mappingHint}
        mapping={modelMapping}
        place={[...place, 'modelMapping']}
      />
      {isNamed && Object.keys(router.modelMapping).length > 0 ? (
        <MappingEditor
          title={words.mappingShared}
          hint={words.mappingHint}
          mapping={router.modelMapping}
          place={['virtualrouter', 'modelMapping']}
        />
      ) : null}
    </div>
  )
}

const wellKnown = ['default', 'longcontext', 'background', 'vision', 'tools']

function AddRoute({ taken, onAdd }: { taken: string[]; onAdd(route: string): void }) {
  const { routing: words } = useMessages()
  const [name, setName] = useState('')
  function submit(event: FormEvent): void {
    event.preventDefault()
    onAdd(name)
    setName('')
  }
  return (
    <form className={styles.row} onSubmit={submit}>
      <Field label={words.routeName} hint={words.routeNameHint}>
        {(control) => (
          <>
            <input
              {...control}
              list={`${control.id}-known`}
              value={name}
              onChange={({ target }) => setName(target.value.trim())}
            />
            <datalist id={`${control.id}-known`}>
              {wellKnown
                .filter((route) => !taken.includes(route))
                .map((route) => (
                  <option key={route} value={route} />
                ))}
            </datalist>
          </>
        )}
      </Field>
      <Button type="submit" disabled={!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) || taken.includes(name)}>
        {words.addRoute}
      </Button>
    </form>
  )
}
