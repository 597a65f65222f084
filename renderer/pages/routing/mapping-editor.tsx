import { type FormEvent, useId, useState } from 'react'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Field } from '../../components/field.tsx'
import { OrderedList } from '../../components/ordered-list.tsx'
import { ConfigText } from '../../draft/config-fields.tsx'
import type { Path } from '../../draft/config-value.ts'
import { useDraftText, useEdit, useRoutingKey } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import { TargetNames } from './pool-editor.tsx'
import styles from './routing.module.css'
import { whatIfRequest } from './what-if-request.ts'

interface MappingEditorProps {
  title: string
  hint: string
  mapping: Readonly<Record<string, string>>
  place: Path
}

/** What clients name and where that goes, in the order it is tried, with a name to try. */
export function MappingEditor({ title, hint, mapping, place }: MappingEditorProps) {
  const { routing: words } = useMessages()
  const edit = useEdit()
  const rows = Object.entries(mapping)
  return (
    <Card title={title}>
      <div className={styles.stack}>
        <p className={styles.soft}>{hint}</p>
        {rows.length === 0 ? <p>{words.noMapping}</p> : null}
        <OrderedList
          label={words.mappingRows}
          words={words}
          items={rows.map(([model, target]) => ({
            name: model,
            body: (
              <div className={styles.between}>
                <div className={styles.grow}>
                  <ConfigText path={[...place, model]} label={model} value={target} mono />
                </div>
                <Button
                  look="quiet"
                  aria-label={words.removeMapping(model)}
                  onClick={() => edit(words.labels.mapping(model), [{ path: [...place, model] }])}
                >
                  ✕
                </Button>
              </div>
            ),
          }))}
          onMove={(from, to) => edit(words.labels.mappingMoved, [{ path: [...place, rows[from]![0]], to }])}
        />
        <AddMapping
          onAdd={(model, target) => edit(words.labels.mapping(model), [{ path: [...place, model], value: target }])}
        />
        <NameTester />
      </div>
    </Card>
  )
}

function AddMapping({ onAdd }: { onAdd(model: string, target: string): void }) {
  const { routing: words } = useMessages()
  const [model, setModel] = useState('')
  const [target, setTarget] = useState('')
  const names = useId()
  function submit(event: FormEvent): void {
    event.preventDefault()
    onAdd(model, target)
    setModel('')
    setTarget('')
  }
  return (
    <form className={styles.row} onSubmit={submit}>
      <Field label={words.asked}>
        {(control) => (
          <input
            {...control}
            value={model}
            placeholder="gemini-*-flash*"
            onChange={(event) => setModel(event.target.value.trim())}
          />
        )}
      </Field>
      <Field label={words.goesTo}>
        {(control) => (
          <input
            {...control}
            value={target}
            list={names}
            placeholder="provider.model"
            onChange={(event) => setTarget(event.target.value.trim())}
          />
        )}
      </Field>
      <TargetNames id={names} />
      <Button type="submit" disabled={model === '' || target === ''}>
        {words.addMapping}
      </Button>
    </form>
  )
}

/** Asks the router itself what it makes of a name. */
function NameTester() {
  const { routing: words } = useMessages()
  const client = useClient()
  const config = useDraftText()
  const key = useRoutingKey()
  const [model, setModel] = useState('')
  const asked = useAsked(`${model} ${key}`, async () =>
    model === ''
      ? undefined
      : client.call('explainRoute', whatIfRequest({ model, tokens: 100, media: false, tools: false }, config)),
  )
  return (
    <div className={styles.tester}>
      <Field label={words.tester}>
        {(control) => (
          <input
            {...control}
            value={model}
            placeholder={words.testerPlaceholder}
            spellCheck={false}
            onChange={({ target }) => setModel(target.value.trim())}
          />
        )}
      </Field>
      <div role="status" className={styles.verdict}>
        {asked.state === 'failed' && model !== '' ? words.refusedCall(asked.failure.message) : null}
        {asked.state === 'told' && asked.answer ? (
          <>
            <code>{asked.answer.order[0]?.target ?? words.nobody}</code>
            <span className={styles.soft}>{asked.answer.because.join('; ')}</span>
          </>
        ) : null}
      </div>
    </div>
  )
}
