import { useId, useState } from 'react'
import { CallError } from './app-client.ts'
import { useClient } from './client-context.ts'
import { useNow } from './clock.ts'
import { CopyButton } from './components/copy-button.tsx'
import { Notice } from './components/notice.tsx'
import { StateMark } from './components/state-mark.tsx'
import { compactCount, countdown } from './format.ts'
import { useMessages } from './messages.ts'
import styles from './status-line.module.css'
import { useWindow } from './store.ts'

/** Where clients reach the gateway, which backend answers, how much is going on. */
export function StatusLine() {
  const { shell } = useMessages()
  const state = useWindow((window) => window.state)
  const today = useWindow((window) => window.today)
  return (
    <section className={styles.line} aria-label={shell.status}>
      {state ? (
        <>
          <code>{state.url.replace('http://', '')}</code>
          <CopyButton text={state.url} label={shell.copyAddress} />
          <Backend groups={state.groups} active={state.activeGroup} />
          {state.exposed ? <Exposed until={state.exposed.until} /> : null}
          <p className={styles.counts}>
            <span>{shell.open(state.openExchanges)}</span>
            <span className={styles.today}>{shell.today(compactCount(today))}</span>
          </p>
        </>
      ) : (
        <span className={styles.counts}>…</span>
      )}
    </section>
  )
}

/** That the network is let in, for how long yet, and where to end it. */
function Exposed({ until }: { until: number }) {
  const { shell } = useMessages()
  const now = useNow()
  return (
    <a className={styles.exposed} href="#/settings">
      <StateMark state="cooling" silent />
      {shell.exposed(countdown(until - now))}
    </a>
  )
}

interface BackendProps {
  groups: { id: string; label: string }[]
  active: string
}

/** The routing groups as one switch: in force for the next request. */
function Backend({ groups, active }: BackendProps) {
  const { shell } = useMessages()
  const client = useClient()
  const id = useId()
  const [failure, setFailure] = useState<string>()
  const [wanted, setWanted] = useState<string>()
  async function choose(group: string) {
    setWanted(group)
    setFailure(undefined)
    try {
      const { activeGroup } = await client.call('setActiveGroup', { group })
      useWindow.setState(({ state }) => ({ state: state && { ...state, activeGroup } }))
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFailure(shell.switchFailed(thrown.message))
    }
    setWanted(undefined)
  }
  return (
    <>
      <div className={styles.backend}>
        <label htmlFor={id}>{shell.backend}</label>
        <select id={id} value={wanted ?? active} onChange={({ target }) => void choose(target.value)}>
          {groups.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {failure === undefined ? null : <Notice kind="problem">{failure}</Notice>}
    </>
  )
}
