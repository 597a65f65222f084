import { Fragment, type ReactNode } from 'react'
import { Name } from '../../components/name.tsx'
import { compactCount, duration, exactTime, percent } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import styles from './activity.module.css'
import { Result } from './result.tsx'
import type { Exchange } from './story.tsx'

/** Pairs of a name and what it is; those that are not there are left out. */
function Pairs({ of }: { of: [name: string, value: ReactNode | undefined][] }) {
  return (
    <dl className={styles.pairs}>
      {of.map(([name, value]) =>
        value === undefined ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  )
}

export function WhatHappened({ exchange }: { exchange: Exchange }) {
  const { activity, overview } = useMessages()
  const language = useLanguage()
  const { id, startedAt, protocol, clientKey, clientModel, target, model } = exchange
  const { firstContentMs, durationMs, finishReason } = exchange
  return (
    <section aria-label={activity.whatHappened}>
      <h2>{activity.whatHappened}</h2>
      <Pairs
        of={[
          [activity.result, <Result key="result" of={exchange} />],
          [activity.asked, <Name key="asked" of={clientModel} most={60} />],
          [activity.target, target === undefined ? undefined : <Name key="target" of={target} most={60} />],
          [
            activity.model,
            model === undefined || target?.endsWith(`.${model}`) ? undefined : (
              <Name key="model" of={model} most={60} />
            ),
          ],
          [activity.client, overview.protocols[protocol]],
          [activity.clientKey, clientKey],
          [activity.started, exactTime(startedAt, language)],
          [activity.firstToken, firstContentMs === undefined ? undefined : duration(firstContentMs)],
          [activity.whole, durationMs === undefined ? undefined : duration(durationMs)],
          [activity.finish, finishReason],
          [activity.id, <code key="id">{id}</code>],
        ]}
      />
    </section>
  )
}

/** Which route, why, what was weighed, and what was left out. */
export function Reasons({ exchange: { route, because, explanation, skipped, dropped } }: { exchange: Exchange }) {
  const { activity } = useMessages()
  const reasons = because.length > 0 ? because : (explanation?.because ?? [])
  const title = route === undefined ? activity.reasons : activity.reasonsOf(route)
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {reasons.length === 0 ? <p className={styles.soft}>{activity.noReasons}</p> : null}
      <ul className={styles.reasons}>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <ul className={styles.candidates}>
        {explanation?.order.map(({ target, route: from, verdict, ratio, limit, limitFrom }) => (
          <li key={`${from} ${target}`}>
            <Name of={target} most={40} />
            <span className={styles.soft}>
              {ratio === undefined
                ? activity.verdicts[verdict]
                : activity.verdictWords(activity.verdicts[verdict], percent(ratio), compactCount(limit), limitFrom)}
            </span>
          </li>
        ))}
        {[...(explanation?.skipped ?? []), ...skipped].map(({ target, because: why }) => (
          <li key={`${target} ${why}`}>
            <Name of={target} most={40} />
            <span className={styles.soft}>{activity.skippedBecause(why)}</span>
          </li>
        ))}
      </ul>
      {dropped.length > 0 ? (
        <>
          <h3>{activity.dropped}</h3>
          <ul className={styles.reasons}>
            {dropped.map(({ what, because: why }) => (
              <li key={`${what} ${why}`}>{activity.droppedBecause(what, why)}</li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  )
}

/** What was estimated beside what the provider reported. */
export function Tokens({ exchange: { explanation, estimatedTokens, usage, context } }: { exchange: Exchange }) {
  const { activity } = useMessages()
  const count = (tokens: number | undefined) => (tokens ? compactCount(tokens) : undefined)
  const parts = explanation?.estimate.parts
  const off =
    usage && estimatedTokens && usage.inputTokens > 0
      ? activity.estimateOff(compactCount(estimatedTokens), percent(Math.abs(estimatedTokens / usage.inputTokens - 1)))
      : count(estimatedTokens)
  return (
    <section aria-label={activity.tokens}>
      <h2>{activity.tokens}</h2>
      <Pairs
        of={[
          [activity.estimated, off],
          [activity.inputTokens, count(usage?.inputTokens)],
          [activity.cachedTokens, count(usage?.cachedInputTokens)],
          [activity.outputTokens, count(usage?.outputTokens)],
          [activity.reasoningTokens, count(usage?.reasoningTokens)],
          [activity.systemPart, count(parts?.system)],
          [activity.toolsPart, count(parts?.tools)],
          [activity.historyPart, count(parts?.history)],
          [activity.mediaPart, count(parts?.media)],
          [
            activity.context,
            context?.ratio === undefined
              ? undefined
              : activity.contextWords(activity.verdicts[context.tier], percent(context.ratio)),
          ],
        ]}
      />
    </section>
  )
}

/** Only where bodies are recorded. */
export function Bodies({ exchange: { bodies } }: { exchange: Exchange }) {
  const { activity } = useMessages()
  if (!bodies) return null
  return (
    <section aria-label={activity.bodies}>
      <h2>{activity.bodies}</h2>
      {(['request', 'answer'] as const).map((which) => (
        <details key={which}>
          <summary>{activity[which]}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable without a mouse */}
          <pre className={styles.body} tabIndex={0}>
            {bodies[which]}
          </pre>
        </details>
      ))}
    </section>
  )
}
