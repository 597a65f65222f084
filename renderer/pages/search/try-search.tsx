import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import type { EngineState } from './engine-row.tsx'
import styles from './search.module.css'

type Outcome = AnswerOf<'testSearch'>
type Said = { state: 'searching' } | { state: 'told'; outcome: Outcome } | { state: 'refused'; message: string }

/** A real search, as a model's would be. */
export function TrySearch({ engines, onSearched }: { engines: readonly EngineState[]; onSearched(): void }) {
  const { search: words } = useMessages()
  const client = useClient()
  const [query, setQuery] = useState('')
  const [engine, setEngine] = useState('')
  const [said, setSaid] = useState<Said>()
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setSaid({ state: 'searching' })
    const chosen = engines.some(({ id }) => id === engine) ? engine : undefined
    try {
      setSaid({ state: 'told', outcome: await client.call('testSearch', { query, engine: chosen }) })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid({ state: 'refused', message: thrown.message })
    }
    onSearched()
  }
  if (engines.length === 0) return null
  return (
    <Card title={words.try}>
      <div className={styles.form}>
        <form className={styles.form} onSubmit={(event) => void submit(event)}>
          <p className={styles.soft}>{words.tryHint}</p>
          <div className={styles.row}>
            <Field label={words.query}>
              {(control) => (
                <input
                  {...control}
                  type="search"
                  value={query}
                  maxLength={2000}
                  onChange={({ target }) => setQuery(target.value)}
                />
              )}
            </Field>
            <Field label={words.engine}>
              {(control) => (
                <select {...control} value={engine} onChange={({ target }) => setEngine(target.value)}>
                  <option value="">{words.anyEngine}</option>
                  {engines.map(({ id }) => (
                    <option key={id} value={id}>
                      {id}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Button type="submit" look="main" disabled={query.trim() === '' || said?.state === 'searching'}>
              {words.run}
            </Button>
          </div>
        </form>
        {said?.state === 'searching' ? <p role="status">{words.searching}</p> : null}
        {said?.state === 'refused' ? <Notice kind="problem">{words.refusedCall(said.message)}</Notice> : null}
        {said?.state === 'told' ? <Found outcome={said.outcome} /> : null}
      </div>
    </Card>
  )
}

function Found({ outcome }: { outcome: Outcome }) {
  const { search: words } = useMessages()
  const { note } = outcome
  const time = duration(note.ms)
  return (
    <div className={styles.form}>
      {'failed' in outcome ? (
        <Notice kind="problem">{words.failed}</Notice>
      ) : (
        <Notice kind={note.hits === 0 ? 'warning' : 'good'}>
          {note.hits === 0
            ? words.foundNothing(outcome.result.engine, time)
            : words.answered(outcome.result.engine, note.hits, time)}
        </Notice>
      )}
      <Tries note={note} />
      {'failed' in outcome ? null : <Result result={outcome.result} />}
    </div>
  )
}

function Tries({ note }: { note: Outcome['note'] }) {
  const { search: words } = useMessages()
  return (
    <section aria-label={words.asked}>
      <h3>{words.asked}</h3>
      <p className={styles.soft}>{note.because}</p>
      <ol className={styles.tries}>
        {note.tries.map(({ engine, ms, hits, failure }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an engine may be asked twice, and rows hold no state
          <li key={index}>
            {failure
              ? words.tryFailed(engine, failure.message, duration(ms))
              : words.tryFound(engine, hits, duration(ms))}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Result({ result }: { result: Extract<Outcome, { result: unknown }>['result'] }) {
  const { search: words } = useMessages()
  return (
    <>
      {result.summary === '' ? null : (
        <section aria-label={words.summary}>
          <h3>{words.summary}</h3>
          <p className={styles.summary}>{result.summary}</p>
        </section>
      )}
      {result.hits.length === 0 ? null : (
        <section aria-label={words.hits}>
          <h3>{words.hits}</h3>
          <ol className={styles.hits}>
            {result.hits.map(({ url, title, snippet, source, date }) => (
              <li key={url}>
                <a href={url} target="_blank" rel="noreferrer">
                  {title}
                </a>{' '}
                <span className={styles.soft}>{[source, date].filter(Boolean).join(' · ')}</span>
                <p className={styles.snippet}>{snippet}</p>
                <p className={styles.address}>{url}</p>
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  )
}
