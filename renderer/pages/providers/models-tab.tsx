import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Name } from '../../components/name.tsx'
import { Notice } from '../../components/notice.tsx'
import { ConfigNumber } from '../../draft/config-fields.tsx'
import { useDraftText, useEdit, useRoutingKey } from '../../draft/use-edit.ts'
import { compactCount } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import type { EditorProps } from './provider-editor.tsx'
import styles from './providers.module.css'

/** The models of a provider, each with its window and where that figure comes from; what the service reports below. */
export function ModelsTab({ id, provider }: EditorProps) {
  const { providers: words } = useMessages()
  const client = useClient()
  const edit = useEdit()
  const config = useDraftText()
  const key = useRoutingKey()
  const listed = useAsked(key, () => client.call('listTargets', { config }))
  const targetOf = (model: string) =>
    listed.answer?.targets.find((target) => target.provider === id && target.id.endsWith(`.${model}`))
  const models = Object.entries(provider.models)
  const place = ['virtualrouter', 'providers', id, 'models']
  const add = (model: string) => edit(words.labels.modelAdded(model), [{ path: [...place, model], value: {} }])
  return (
    <div className={styles.form}>
      <h3>{words.listed}</h3>
      {models.length === 0 ? <p className={styles.soft}>{words.noModels}</p> : null}
      <ul className={styles.list}>
        {models.map(([model, limits]) => {
          const target = targetOf(model)
          return (
            <li key={model} className={styles.model}>
              <div className={styles.between}>
                <Name of={model} most={36} />
                {target ? <span className={styles.tag}>{words.limitFrom[target.limitFrom]}</span> : null}
                <Button
                  look="quiet"
                  aria-label={words.removeNamed(model)}
                  onClick={() => edit(words.labels.modelRemoved(model), [{ path: [...place, model] }])}
                >
                  ✕
                </Button>
              </div>
              {model === '*' ? null : (
                <div className={styles.two}>
                  <ConfigNumber
                    path={[...place, model, 'maxContextTokens']}
                    label={words.windowOf(model)}
                    value={limits.maxContextTokens}
                    placeholder={target && String(target.maxContextTokens)}
                  />
                  <ConfigNumber
                    path={[...place, model, 'maxOutputTokens']}
                    label={words.outputOf(model)}
                    value={limits.maxOutputTokens}
                    placeholder={target?.maxOutputTokens === undefined ? undefined : String(target.maxOutputTokens)}
                  />
                </div>
              )}
            </li>
          )
        })}
      </ul>
      <AddModel onAdd={add} />
      <Discovery id={id} known={Object.keys(provider.models)} onAdd={add} />
    </div>
  )
}

function AddModel({ onAdd }: { onAdd(model: string): void }) {
  const { providers: words } = useMessages()
  const [name, setName] = useState('')
  function submit(event: FormEvent): void {
    event.preventDefault()
    onAdd(name.trim())
    setName('')
  }
  return (
    <form className={styles.row} onSubmit={submit}>
      <Field label={words.modelName} hint={words.modelNameHint}>
        {(control) => (
          <input {...control} value={name} spellCheck={false} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Button type="submit" disabled={name.trim() === ''}>
        {words.addModel}
      </Button>
    </form>
  )
}

type Found = AnswerOf<'discoverModels'> | { failure: string }

function Discovery({ id, known, onAdd }: { id: string; known: string[]; onAdd(model: string): void }) {
  const { providers: words } = useMessages()
  const client = useClient()
  const [asking, setAsking] = useState(false)
  const [found, setFound] = useState<Found>()
  async function ask(): Promise<void> {
    setAsking(true)
    try {
      setFound(await client.call('discoverModels', { provider: id }))
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFound({ failure: thrown.message })
    }
    setAsking(false)
  }
  return (
    <section className={styles.part}>
      <div>
        <Button onClick={() => void ask()} disabled={asking}>
          {asking ? words.discovering : words.discover}
        </Button>
      </div>
      {found && 'failure' in found ? <Notice kind="problem">{words.refusedCall(found.failure)}</Notice> : null}
      {found && 'models' in found ? (
        <>
          <h3>{words.discovered}</h3>
          {found.models.length === 0 ? <p className={styles.soft}>{words.nothingDiscovered}</p> : null}
          <ul className={styles.list}>
            {found.models.map(({ id: model, maxContextTokens, from }) => (
              <li key={model} className={styles.between}>
                <Name of={model} most={34} />
                <span className={styles.soft} title={from}>
                  {maxContextTokens === undefined ? '' : words.tokens(compactCount(maxContextTokens))}
                </span>
                <Button
                  aria-label={words.addNamed(model)}
                  disabled={known.includes(model)}
                  onClick={() => onAdd(model)}
                >
                  +
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  )
}
