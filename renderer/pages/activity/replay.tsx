import { useId, useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { useWindow } from '../../store.ts'
import styles from './activity.module.css'
import type { Exchange } from './story.tsx'

/** The same request to another target, and how that went. */
export function Replay({ exchange }: { exchange: Exchange }) {
  const { activity } = useMessages()
  const client = useClient()
  const id = useId()
  const targets = useWindow(({ health }) => health?.targets)
  const others = (targets ?? []).map(({ target }) => target)
  const [target, setTarget] = useState<string>()
  const [running, setRunning] = useState(false)
  const [outcome, setOutcome] = useState<{ again?: Exchange; failure?: string }>()
  const chosen = target ?? others.find((one) => one !== exchange.target) ?? others[0]
  if (exchange.state === 'open' || chosen === undefined) return null

  async function replay(to: string) {
    setRunning(true)
    setOutcome(undefined)
    try {
      const { exchange: again } = await client.call('replayExchange', { id: exchange.id, target: to })
      setOutcome({ again })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setOutcome({ failure: thrown.message })
    }
    setRunning(false)
  }

  const again = outcome?.again
  const failure = outcome?.failure ?? again?.error?.message
  return (
    <section aria-label={activity.replay}>
      <h2>{activity.replay}</h2>
      <div className={styles.replay}>
        <div>
          <label htmlFor={id}>{activity.replayTo}</label>
          <select id={id} className={styles.field} value={chosen} onChange={(event) => setTarget(event.target.value)}>
            {others.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
        <Button disabled={running} onClick={() => void replay(chosen)}>
          {running ? activity.replaying : activity.replayNow}
        </Button>
      </div>
      {failure === undefined ? null : <Notice kind="problem">{failure}</Notice>}
      {again && failure === undefined ? (
        <Notice
          kind="good"
          actions={
            <Button look="quiet" onClick={() => goTo(`activity/${again.id}`)}>
              {activity.openReplay}
            </Button>
          }
        >
          {activity.replayed(again.target ?? chosen, duration(again.durationMs ?? 0))}
        </Notice>
      ) : null}
    </section>
  )
}
