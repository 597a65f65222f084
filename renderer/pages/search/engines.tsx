import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { Card } from '../../components/card.tsx'
import { Empty } from '../../components/empty.tsx'
import { Notice } from '../../components/notice.tsx'
import { OrderedList } from '../../components/ordered-list.tsx'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import type { Asked } from '../../use-asked.ts'
import { AddEngine } from './add-engine.tsx'
import { type Engine, enginesPath, makeDefault } from './engine-changes.ts'
import { EngineRow } from './engine-row.tsx'
import styles from './search.module.css'

/** The engines in the order they are asked, and a place to add one. */
export function Engines({ engines, asked }: { engines: readonly Engine[]; asked: Asked<AnswerOf<'listEngines'>> }) {
  const { search: words, routing } = useMessages()
  const edit = useEdit()
  return (
    <Card title={words.engines}>
      <div className={styles.form}>
        {asked.state === 'failed' ? <Notice kind="problem">{words.refusedCall(asked.failure.message)}</Notice> : null}
        {engines.length === 0 ? (
          <Empty title={words.none}>
            <p>{words.noneHint}</p>
          </Empty>
        ) : (
          <>
            <p className={styles.soft}>{words.enginesHint}</p>
            <OrderedList
              label={words.order}
              words={routing}
              items={engines.map((engine, index) => ({
                name: engine.id,
                body: (
                  <EngineRow
                    engine={engine}
                    place={[...enginesPath, index]}
                    // what was asked about is the config in force: an engine that is not in it has no state yet
                    state={asked.answer?.engines.find(({ id, at }) => id === engine.id && at === placeOf(engine))}
                    onDefault={() => edit(words.makeDefault(engine.id), makeDefault(engines, index))}
                  />
                ),
              }))}
              onMove={(from, to) => edit(words.labels.order, [{ path: [...enginesPath, from], to }])}
            />
          </>
        )}
        <AddEngine engines={engines} />
      </div>
    </Card>
  )
}

const placeOf = ({ providerKey, service }: Engine): string | undefined => providerKey ?? service
