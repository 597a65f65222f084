import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { TargetNames } from '../routing/pool-editor.tsx'
import { addEngine, type Engine, type EngineSort } from './engine-changes.ts'
import styles from './search.module.css'

const sorts: readonly EngineSort[] = ['model', 'brave', 'tavily', 'searxng']

/** Asks for what nobody else knows; its key and the rest are said once it stands in the list. */
export function AddEngine({ engines }: { engines: readonly Engine[] }) {
  const { search: words } = useMessages()
  const edit = useEdit()
  const [sort, setSort] = useState<EngineSort>('model')
  const [place, setPlace] = useState('')
  const wantsPlace = sort === 'model' || sort === 'searxng'
  function submit(event: FormEvent): void {
    event.preventDefault()
    const { id, steps } = addEngine(engines, sort, place)
    edit(words.labels.added(id), steps)
    setPlace('')
  }
  return (
    <form className={styles.add} aria-label={words.add} onSubmit={submit}>
      <Field label={words.kind}>
        {(control) => (
          <select
            {...control}
            value={sort}
            onChange={({ target }) => {
              setSort(target.value as EngineSort)
              setPlace('')
            }}
          >
            {sorts.map((each) => (
              <option key={each} value={each}>
                {words.kinds[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {wantsPlace ? (
        <Field
          label={sort === 'model' ? words.providerKey : words.baseUrl}
          hint={sort === 'model' ? words.providerKeyHint : words.baseUrlHints.searxng}
        >
          {(control) => (
            <>
              <input
                {...control}
                list={sort === 'model' ? `${control.id}-known` : undefined}
                value={place}
                spellCheck={false}
                placeholder={sort === 'model' ? 'provider.model' : 'http://127.0.0.1:8080'}
                onChange={({ target }) => setPlace(target.value.trim())}
              />
              {sort === 'model' ? <TargetNames id={`${control.id}-known`} /> : null}
            </>
          )}
        </Field>
      ) : null}
      <Button type="submit" disabled={wantsPlace && place === ''}>
        {words.addButton}
      </Button>
    </form>
  )
}
