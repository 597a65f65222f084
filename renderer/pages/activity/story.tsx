import { useEffect, useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { Name } from '../../components/name.tsx'
import { Notice } from '../../components/notice.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { pages } from '../../pages.ts'
import { useWindow } from '../../store.ts'
import styles from './activity.module.css'
import { remedyFor } from './remedy.ts'
import { Replay } from './replay.tsx'
import { Bodies, Reasons, Tokens, WhatHappened } from './story-parts.tsx'
import { Searches } from './story-searches.tsx'
import { timeline } from './timeline.ts'

export type Exchange = AnswerOf<'getExchange'>

/** All of one exchange: what was asked, where it went and why, each attempt, what it cost, what went wrong. */
export function Story({ id, onClose }: { id: string | undefined; onClose(): void }) {
  const { activity, shell } = useMessages()
  const { exchange, failure } = useExchange(id)
  return (
    <Sheet open={id !== undefined} onClose={onClose} title={activity.storyTitle(exchange?.clientModel ?? id ?? '')}>
      {failure === undefined ? null : <Notice kind="problem">{failure}</Notice>}
      {exchange ? <Whole exchange={exchange} /> : failure === undefined ? <Empty title={shell.loading} /> : null}
    </Sheet>
  )
}

/** Asked when it opens and whenever the list hears of it. */
function useExchange(id: string | undefined): { exchange: Exchange | undefined; failure: string | undefined } {
  const client = useClient()
  const told = useWindow(({ exchanges }) => (id === undefined ? undefined : exchanges.find((one) => one.id === id)))
  const [answer, setAnswer] = useState<{ id: string; exchange?: Exchange; failure?: string }>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the list is told something new of it
  useEffect(() => {
    if (id === undefined) return
    let asked = true
    client.call('getExchange', { id }).then(
      (exchange) => asked && setAnswer({ id, exchange }),
      (thrown: unknown) => {
        if (!(thrown instanceof CallError)) throw thrown
        if (asked) setAnswer({ id, failure: thrown.message })
      },
    )
    return () => {
      asked = false
    }
  }, [client, id, told])
  const own = answer?.id === id ? answer : undefined
  return { exchange: own?.exchange, failure: own?.failure }
}

function Whole({ exchange }: { exchange: Exchange }) {
  return (
    <div className={styles.story}>
      <Failure exchange={exchange} />
      <WhatHappened exchange={exchange} />
      <Attempts exchange={exchange} />
      <Searches exchange={exchange} />
      <Reasons exchange={exchange} />
      <Tokens exchange={exchange} />
      <Replay key={exchange.id} exchange={exchange} />
      <Bodies exchange={exchange} />
    </div>
  )
}

/** What went wrong, in the gateway's own sentence, and where to mend it. */
function Failure({ exchange: { error } }: { exchange: Exchange }) {
  const { activity, pages: titles } = useMessages()
  if (!error) return null
  const remedy = pages.find(({ id }) => id === remedyFor(error.kind))
  return (
    <Notice
      kind={error.kind === 'client-gone' ? 'warning' : 'problem'}
      actions={remedy ? <Button onClick={() => goTo(remedy.id)}>{activity.goToPage(titles[remedy.id])}</Button> : null}
    >
      {error.message}
    </Notice>
  )
}

function Attempts({ exchange }: { exchange: Exchange }) {
  const { activity } = useMessages()
  const now = useNow()
  const bars = timeline(exchange, now)
  return (
    <section aria-label={activity.attempts}>
      <h2>{activity.attempts}</h2>
      {bars.length === 0 ? <p className={styles.soft}>{activity.noAttempt}</p> : null}
      <ol className={styles.attempts}>
        {bars.map(({ attempt, ms, parts }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts are only ever added at the end
          <li key={index}>
            <div className={styles.attempt}>
              <Name of={attempt.target} most={40} />
              <span>{activity.attemptWords(activity.outcomes[attempt.outcome], duration(ms))}</span>
            </div>
            <div className={styles.track} aria-hidden="true">
              {parts.map(({ kind, left, width }) => (
                <span
                  key={kind}
                  className={styles.part}
                  data-kind={kind}
                  style={{ left: `${left}%`, width: `${width}%` }}
                />
              ))}
            </div>
            {attempt.error && attempt.error.message !== exchange.error?.message ? (
              <p className={styles.because}>{attempt.error.message}</p>
            ) : null}
            {attempt.waitMs ? <p className={styles.because}>{activity.waited(duration(attempt.waitMs))}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  )
}
