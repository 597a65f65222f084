import { useState } from 'react'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Empty } from '../../components/empty.tsx'
import { Field } from '../../components/field.tsx'
import { Name } from '../../components/name.tsx'
import { Notice } from '../../components/notice.tsx'
import { Table } from '../../components/table.tsx'
import { compactCount, duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { saveFile, today } from '../../save-file.ts'
import { useWindow } from '../../store.ts'
import { useAsked } from '../../use-asked.ts'
import { HourBars } from './hour-bars.tsx'
import styles from './usage.module.css'
import { usageCsv } from './usage-csv.ts'
import { byHour, byTarget, sum, tokensOf, type UsageRow } from './usage-table.ts'

const dayMs = 86_400_000
const spans = { day: dayMs, week: 7 * dayMs } as const
/** How often the figures are read anew while requests end. */
const freshMs = 10_000

/** Tokens, requests, errors and latency, by backend, model and hour. */
export default function Usage() {
  const { usage: words, shell } = useMessages()
  const client = useClient()
  const [span, setSpan] = useState<keyof typeof spans>('day')
  const latest = useWindow(({ exchanges }) => Math.floor((exchanges[0]?.startedAt ?? 0) / freshMs))
  const asked = useAsked(`${span} ${latest}`, async () => {
    const now = Date.now()
    const since = now - spans[span]
    const [totals, hours] = await Promise.all([
      client.call('getUsage', { since, by: ['target'] }),
      client.call('getUsage', { since, by: ['target', 'hour'] }),
    ])
    return { now, since, totals: totals.rows, hours: hours.rows }
  })
  async function save(): Promise<void> {
    const { rows } = await client.call('getUsage', { since: Date.now() - spans[span] })
    saveFile({ name: `patchbay-usage-${today()}.csv`, text: usageCsv(rows), type: 'text/csv' })
  }
  const { answer } = asked
  return (
    <>
      <div className={styles.bar}>
        <Field label={words.span}>
          {(control) => (
            <select {...control} value={span} onChange={({ target }) => setSpan(target.value as keyof typeof spans)}>
              <option value="day">{words.spans.day}</option>
              <option value="week">{words.spans.week}</option>
            </select>
          )}
        </Field>
        <Button onClick={() => void save()} disabled={!answer || answer.totals.length === 0}>
          {words.export}
        </Button>
      </div>
      {asked.state === 'failed' ? <Notice kind="problem">{words.failed(asked.failure.message)}</Notice> : null}
      {answer === undefined && asked.state === 'asking' ? <p>{shell.loading}</p> : null}
      {answer?.totals.length === 0 ? (
        <Empty title={words.none}>
          <p>{words.noneHint}</p>
        </Empty>
      ) : null}
      {answer && answer.totals.length > 0 ? <Figures {...answer} /> : null}
    </>
  )
}

interface FiguresProps {
  totals: UsageRow[]
  hours: UsageRow[]
  since: number
  now: number
}

function Figures({ totals, hours, since, now }: FiguresProps) {
  const { usage: words } = useMessages()
  const all = sum(totals)
  const rows = byTarget(totals, hours, since, now)
  const together = byHour(hours, since, now)
  return (
    <>
      <Card title={words.total}>
        <dl className={styles.tiles}>
          <Tile title={words.requests} value={compactCount(all.requests)} />
          <Tile title={words.errors} value={compactCount(all.errors)} />
          <Tile title={words.input} value={compactCount(all.inputTokens)} />
          <Tile title={words.cached} value={compactCount(all.cachedInputTokens)} />
          <Tile title={words.output} value={compactCount(all.outputTokens)} />
          <Tile title={words.reasoning} value={compactCount(all.reasoningTokens)} />
        </dl>
        <HourBars name={words.all} hours={together} tall />
      </Card>
      <ul className={styles.multiples}>
        {rows.map(({ total, hours: own }) => (
          <li key={total.target} className={styles.one}>
            <Name of={total.target ?? words.nobody} most={34} />
            <HourBars name={total.target ?? words.nobody} hours={own} />
          </li>
        ))}
      </ul>
      <Card title={words.table}>
        <Table
          caption={words.rows}
          columns={[
            { title: words.target },
            { title: words.requests, right: true },
            { title: words.errors, right: true },
            { title: words.input, right: true },
            { title: words.output, right: true },
            { title: words.firstToken, right: true },
            { title: words.duration, right: true },
          ]}
        >
          {rows.map(({ total }) => (
            <tr key={total.target}>
              <td>
                <Name of={total.target ?? words.nobody} most={36} />
              </td>
              <td data-right>{compactCount(total.requests)}</td>
              <td data-right>{compactCount(total.errors)}</td>
              <td data-right>{compactCount(total.inputTokens)}</td>
              <td data-right>{compactCount(tokensOf({ ...total, inputTokens: 0 }))}</td>
              <td data-right>{spreadWords(total.firstContentMs) ?? words.unknown}</td>
              <td data-right>{spreadWords(total.durationMs) ?? words.unknown}</td>
            </tr>
          ))}
        </Table>
      </Card>
    </>
  )
}

function Tile({ title, value }: { title: string; value: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function spreadWords(spread: UsageRow['firstContentMs']): string | undefined {
  return spread && `${duration(spread.p50)} / ${duration(spread.p95)}`
}
