import { type ReactNode, useState } from 'react'
import type { HealthOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { Name } from '../../components/name.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import { countdown, duration, exactTime, relativeTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import styles from './health.module.css'

interface HealthRowProps {
  name: string
  entry: HealthOf
  strip?: ReactNode
  /** Whether it can be tried: a target can, a credential is tried by its targets. */
  probe?: boolean
  reset(): Promise<void>
}

/** One target or credential. */
export function HealthRow({ name, entry, strip, probe = false, reset }: HealthRowProps) {
  const { health: words, states } = useMessages()
  const language = useLanguage()
  const client = useClient()
  const now = useNow()
  const [trying, setTrying] = useState(false)
  const [tried, setTried] = useState<string>()
  const { state, since, until, failure, waitFrom } = entry

  async function tryNow() {
    setTrying(true)
    setTried(undefined)
    try {
      const result = await client.call('probeTarget', { target: name })
      setTried(result.ok ? words.answeredIn(duration(result.ms)) : result.failure.message)
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setTried(thrown.message)
    }
    setTrying(false)
  }

  return (
    <tr>
      <th scope="row" className={styles.name}>
        <Name of={name} most={34} />
      </th>
      <td className={styles.state}>
        <p>
          <StateMark state={state} silent /> <strong>{states[state]}</strong>{' '}
          {until > now ? <span className={styles.clock}>{words.backIn(countdown(until - now))}</span> : null}
        </p>
        {failure ? <p className={styles.because}>{failure.message}</p> : null}
        {failure ? (
          <p className={styles.soft}>
            <time dateTime={new Date(since).toISOString()} title={exactTime(since, language)}>
              {words.since(relativeTime(since, now, language))}
            </time>
            {until > now ? <span className={styles.from}>{saidBy(words, waitFrom)}</span> : null}
          </p>
        ) : null}
        <p className={styles.tried} role="status">
          {trying ? words.trying : tried}
        </p>
      </td>
      {strip ? <td>{strip}</td> : null}
      <td data-right>
        <span className={styles.actions}>
          {probe ? (
            <Button disabled={trying} onClick={() => void tryNow()} aria-label={words.tryNowNamed(name)}>
              {words.tryNow}
            </Button>
          ) : null}
          {state === 'healthy' && !failure ? null : (
            <Button look="quiet" onClick={() => void reset()} aria-label={words.resetNamed(name)}>
              {words.reset}
            </Button>
          )}
        </span>
      </td>
    </tr>
  )
}

/** Who named the wait: a header of the answer, its body, or nobody. */
function saidBy(words: ReturnType<typeof useMessages>['health'], from: string | undefined): string {
  if (from === undefined || from === 'none' || from === 'policy') return words.saidByNobody
  return from === 'body' ? words.saidByBody : words.saidByHeader(from)
}
