import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Name } from '../../components/name.tsx'
import { OrderedList } from '../../components/ordered-list.tsx'
import { ConfigNumber, ConfigSelect, ConfigSwitch, useProblemAt } from '../../draft/config-fields.tsx'
import { type Path, type Pool, type PoolTarget, targetName } from '../../draft/config-value.ts'
import { useDraftConfig, useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import styles from './routing.module.css'

/** A pool: its targets in order, and how they take turns. */
export function PoolEditor({ name, pool, place }: { name: string; pool: Pool; place: Path }) {
  const { routing: words } = useMessages()
  const edit = useEdit()
  const label = words.targets(name)
  const strategies = (['priority', 'round-robin', 'weighted'] as const).map((value) => ({
    value,
    label: words.strategies[value],
  }))
  const targetPlace = (index: number): Path => [...place, 'targets', index]
  return (
    <div className={styles.pool}>
      <div className={styles.between}>
        <strong>{name}</strong>
        <Button
          look="quiet"
          aria-label={words.removePool(name)}
          onClick={() => edit(words.removePool(name), [{ path: place }])}
        >
          ✕
        </Button>
      </div>
      <OrderedList
        label={label}
        words={words}
        items={pool.targets.map((target, index) => ({
          name: targetName(target),
          body: (
            <TargetRow
              target={target}
              place={targetPlace(index)}
              byWeight={pool.strategy === 'weighted'}
              onRemove={() => edit(words.removeTarget(targetName(target)), [{ path: targetPlace(index) }])}
            />
          ),
        }))}
        onMove={(from, to) => edit(label, [{ path: targetPlace(from), to }])}
      />
      <AddTarget
        taken={pool.targets.map(targetName)}
        onAdd={(target) =>
          edit(label, [
            { path: targetPlace(pool.targets.length), value: pool.strategy === 'weighted' ? weighted(target) : target },
          ])
        }
      />
      <details className={styles.details}>
        <summary>{words.strategies[pool.strategy]}</summary>
        <div className={styles.two}>
          <ConfigSelect
            path={[...place, 'strategy']}
            label={words.strategy}
            value={pool.strategy}
            options={strategies}
            with={(strategy) =>
              strategy === 'weighted'
                ? pool.targets.map((target, index) => ({ path: targetPlace(index), value: weighted(target) }))
                : []
            }
          />
          <ConfigSwitch path={[...place, 'backup']} label={words.backup} value={pool.backup} />
        </div>
      </details>
    </div>
  )
}

const weighted = (target: PoolTarget) => (typeof target === 'string' ? { target, weight: 1 } : target)

interface TargetRowProps {
  target: PoolTarget
  place: Path
  byWeight: boolean
  onRemove(): void
}

function TargetRow({ target, place, byWeight, onRemove }: TargetRowProps) {
  const { routing: words } = useMessages()
  const name = targetName(target)
  const problem = useProblemAt(place)
  return (
    <div className={styles.target}>
      <div className={styles.between}>
        <Name of={name} most={38} />
        <Button look="quiet" aria-label={words.removeTarget(name)} onClick={onRemove}>
          ✕
        </Button>
      </div>
      {byWeight && typeof target !== 'string' ? (
        <ConfigNumber path={[...place, 'weight']} label={words.weight(name)} value={target.weight} placeholder="1" />
      ) : null}
      {problem ? <p className={styles.problem}>{problem}</p> : null}
    </div>
  )
}

function AddTarget({ taken, onAdd }: { taken: string[]; onAdd(target: string): void }) {
  const { routing: words } = useMessages()
  const [name, setName] = useState('')
  function submit(event: FormEvent): void {
    event.preventDefault()
    onAdd(name)
    setName('')
  }
  return (
    <form className={styles.row} onSubmit={submit}>
      <Field label={words.target}>
        {(control) => (
          <>
            <input
              {...control}
              list={`${control.id}-known`}
              value={name}
              spellCheck={false}
              placeholder="provider.model"
              onChange={({ target }) => setName(target.value.trim())}
            />
            <TargetNames id={`${control.id}-known`} without={taken} />
          </>
        )}
      </Field>
      <Button type="submit" disabled={name === ''}>
        {words.addTarget}
      </Button>
    </form>
  )
}

/** What may be named as a target, offered while typing. */
export function TargetNames({ id, without = [] }: { id: string; without?: readonly string[] }) {
  const providers = useDraftConfig()?.virtualrouter.providers ?? {}
  const names = Object.entries(providers).flatMap(([provider, { models }]) => [
    ...Object.keys(models).map((model) => `${provider}.${model}`),
    ...(Object.hasOwn(models, '*') ? [] : [`${provider}.*`]),
  ])
  return (
    <datalist id={id}>
      {names
        .filter((name) => !without.includes(name))
        .map((name) => (
          <option key={name} value={name} />
        ))}
    </datalist>
  )
}
