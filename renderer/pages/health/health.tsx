import { useEffect, useState } from 'react'
import type { AnswerOf, HealthOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Empty } from '../../components/empty.tsx'
import { Notice } from '../../components/notice.tsx'
import { Table } from '../../components/table.tsx'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import styles from './health.module.css'
import { HealthRow } from './health-row.tsx'
import { HourStrip } from './hour-strip.tsx'
import { emptyHours, hourMs, hoursByTarget, hoursShown } from './hours.ts'

/** Every target and credential: how it is, why, until when, and what can be done now. */
export default function Health() {
  const { health: words, shell } = useMessages()
  const client = useClient()
  const health = useWindow((window) => window.health)
  const now = useNow()
  const strips = useHours(now)
  const [failure, setFailure] = useState<string>()
  if (!health) return <Empty title={shell.loading} />

  async function reset(what: { target?: string; credential?: string }) {
    setFailure(undefined)
    try {
      const after = await client.call('resetHealth', what)
      useWindow.setState({ health: after })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFailure(thrown.message)
    }
  }

  const resting = [...health.targets, ...health.credentials].filter(isResting).length
  return (
    <>
      {failure === undefined ? null : <Notice kind="problem">{failure}</Notice>}
      <Card
        title={words.targets}
        actions={
          resting > 1 ? (
            <Button look="quiet" onClick={() => void reset({})}>
              {words.resetAll}
            </Button>
          ) : null
        }
      >
        {health.targets.length === 0 ? (
          <Empty title={words.noTargets}>
            <p>{words.noTargetsHint}</p>
          </Empty>
        ) : (
          <Table
            caption={words.targetsTable}
            columns={[
              { title: words.target },
              { title: words.state },
              { title: words.day },
              { title: words.actions, right: true },
            ]}
          >
            {health.targets.map(({ target, ...entry }) => (
              <HealthRow
                key={target}
                name={target}
                entry={entry}
                strip={<HourStrip hours={strips?.get(target) ?? emptyHours(now)} />}
                probe
                reset={() => reset({ target })}
              />
            ))}
          </Table>
        )}
      </Card>
      <Card title={words.credentials}>
        {health.credentials.length === 0 ? (
          <p className={styles.soft}>{words.noCredentials}</p>
        ) : (
          <Table
            caption={words.credentialsTable}
            columns={[{ title: words.credential }, { title: words.state }, { title: words.actions, right: true }]}
          >
            {health.credentials.map(({ credential, ...entry }) => (
              <HealthRow key={credential} name={credential} entry={entry} reset={() => reset({ credential })} />
            ))}
          </Table>
        )}
      </Card>
    </>
  )
}

const isResting = ({ state }: HealthOf): boolean => state !== 'healthy'
const minuteMs = 60_000

/** Asked once a minute while the page is open. */
function useHours(now: number) {
  const client = useClient()
  const online = useWindow(({ connection }) => connection === 'online')
  const minute = Math.floor(now / minuteMs)
  const [rows, setRows] = useState<AnswerOf<'getUsage'>['rows']>()
  useEffect(() => {
    if (!online) return
    const since = (Math.floor((minute * minuteMs) / hourMs) - hoursShown + 1) * hourMs
    client.call('getUsage', { since, by: ['target', 'hour'] }).then(
      (answer) => setRows(answer.rows),
      (thrown: unknown) => {
        // the strips stay as they were; the connection says what is wrong
        if (!(thrown instanceof CallError)) throw thrown
      },
    )
  }, [client, online, minute])
  return rows && hoursByTarget(rows, now)
}
