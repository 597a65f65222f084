import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { Name } from '../../components/name.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import { ConfigNumber, ConfigText, useProblemAt } from '../../draft/config-fields.tsx'
import type { Path } from '../../draft/config-value.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { clockTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import { KeyForm } from '../providers/key-form.tsx'
import type { Engine } from './engine-changes.ts'
import styles from './search.module.css'

export type EngineState = AnswerOf<'listEngines'>['engines'][number]

interface EngineRowProps {
  engine: Engine
  place: Path
  /** As it is in force; undefined when it is not. */
  state: EngineState | undefined
  onDefault(): void
}

/** One engine: where it searches, how it stands, and its settings when opened. */
export function EngineRow({ engine, place, state: told, onDefault }: EngineRowProps) {
  const { search: words } = useMessages()
  const edit = useEdit()
  const problem = useProblemAt(place)
  const now = useNow()
  // a rest ends by itself, without another word about it
  const state = told && { ...told, resting: told.resting && told.resting.until > now ? told.resting : undefined }
  const { id, service, providerKey } = engine
  return (
    <div className={styles.engine}>
      <div className={styles.head}>
        <StateMark state={markOf(state)} silent />
        <strong>{id}</strong>
        {service === undefined ? <Name of={providerKey ?? ''} most={34} /> : <span>{words.services[service]}</span>}
        {engine.default ? (
          <span className={styles.tag}>{words.isDefault}</span>
        ) : (
          <Button look="quiet" onClick={onDefault}>
            {words.makeDefault(id)}
          </Button>
        )}
        <Button
          look="quiet"
          className={styles.last}
          aria-label={words.remove(id)}
          onClick={() => edit(words.remove(id), [{ path: place }])}
        >
          ✕
        </Button>
      </div>
      <StateWords state={state} />
      {engine.description === undefined ? null : <p className={styles.soft}>{engine.description}</p>}
      {problem ? <p className={styles.problem}>{problem}</p> : null}
      <details className={styles.details}>
        <summary>{words.edit(id)}</summary>
        <EngineForm engine={engine} place={place} />
      </details>
    </div>
  )
}

function EngineForm({ engine, place }: { engine: Engine; place: Path }) {
  const { search: words, providers } = useMessages()
  const { id, service, providerKey, baseUrl, secret, description, maxUses } = engine
  return (
    <div className={styles.form}>
      <ConfigText path={[...place, 'id']} label={words.id} hint={words.idHint} value={id} />
      {service === undefined ? (
        <ConfigText
          path={[...place, 'providerKey']}
          label={words.providerKey}
          hint={words.providerKeyHint}
          value={providerKey}
          mono
        />
      ) : (
        <>
          <ConfigText
            path={[...place, 'baseUrl']}
            label={words.baseUrl}
            hint={words.baseUrlHints[service]}
            value={baseUrl}
            mono
          />
          <ConfigText
            path={[...place, 'secret']}
            label={words.secret}
            hint={providers.referenceHint}
            value={secret}
            mono
          />
          {secret === undefined ? null : <KeyForm reference={secret} />}
        </>
      )}
      <ConfigText
        path={[...place, 'description']}
        label={words.description}
        hint={words.descriptionHint}
        value={description}
      />
      <ConfigNumber path={[...place, 'maxUses']} label={words.maxUses} value={maxUses} placeholder={words.noLimit} />
    </div>
  )
}

function StateWords({ state }: { state: EngineState | undefined }) {
  const { search: words } = useMessages()
  const language = useLanguage()
  if (!state) return <p className={styles.soft}>{words.notApplied}</p>
  const { closed, noCredential, resting } = state
  if (closed !== undefined) return <p>{words.closed(closed)}</p>
  if (noCredential !== undefined) return <p>{words.noCredential(noCredential)}</p>
  if (!resting) return <p className={styles.soft}>{words.ready}</p>
  return (
    <p>
      {words.resting(clockTime(resting.until, language))} <span className={styles.soft}>{resting.because}</span>
    </p>
  )
}

function markOf(state: EngineState | undefined) {
  if (!state) return 'unknown'
  if (state.closed !== undefined) return 'off'
  if (state.noCredential !== undefined) return 'tripped'
  return state.resting ? 'cooling' : 'healthy'
}
