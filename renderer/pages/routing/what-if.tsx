import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { useClient } from '../../client-context.ts'
import { Card } from '../../components/card.tsx'
import { Field } from '../../components/field.tsx'
import { Name } from '../../components/name.tsx'
import { Notice } from '../../components/notice.tsx'
import { useDraftText, useRoutingKey } from '../../draft/use-edit.ts'
import { compactCount, percent } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import styles from './routing.module.css'
import { VerdictMark } from './verdict-mark.tsx'
import { WhatIfDrawing } from './what-if-drawing.tsx'
import { tokenSteps, type WhatIf, whatIfRequest } from './what-if-request.ts'

export const initialWhatIf: WhatIf = { model: 'any-model', tokens: 8000, media: false, tools: false }

interface WhatIfCardProps {
  whatIf: WhatIf
  onChange(next: WhatIf): void
  /** Of the group in force, or of the draft's. */
  routes: readonly string[]
}

/** Where a request of some kind would go and why, by the draft if there is one. */
export function WhatIfCard({ whatIf, onChange, routes }: WhatIfCardProps) {
  const { routing: words } = useMessages()
  const client = useClient()
  const config = useDraftText()
  const key = useRoutingKey()
  const asked = useAsked(`${JSON.stringify(whatIf)} ${key}`, () =>
    client.call('explainRoute', whatIfRequest(whatIf, config)),
  )
  const set = (part: Partial<WhatIf>) => onChange({ ...whatIf, ...part })
  const step = tokenSteps.findLastIndex((tokens) => tokens <= whatIf.tokens)
  return (
    <Card title={words.whatIf}>
      <div className={styles.stack}>
        <p className={styles.soft}>{words.whatIfHint}</p>
        <Field label={words.model}>
          {(control) => (
            <input
              {...control}
              value={whatIf.model}
              spellCheck={false}
              onChange={({ target }) => set({ model: target.value.trim() })}
            />
          )}
        </Field>
        <div className={styles.slide}>
          <Field label={words.tokensSlider}>
            {(control) => (
              <input
                {...control}
                type="range"
                min={0}
                max={tokenSteps.length - 1}
                value={Math.max(0, step)}
                aria-valuetext={compactCount(whatIf.tokens)}
                onChange={({ target }) => set({ tokens: tokenSteps[Number(target.value)]! })}
              />
            )}
          </Field>
          <Field label={words.tokens}>
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                value={whatIf.tokens}
                onChange={({ target }) =>
                  set({ tokens: Math.min(100_000_000, Number(target.value.replaceAll(/\D/g, ''))) })
                }
              />
            )}
          </Field>
        </div>
        <div className={styles.checks}>
          {(['media', 'tools'] as const).map((trait) => (
            <label key={trait}>
              <input
                type="checkbox"
                checked={whatIf[trait]}
                onChange={({ target }) => set({ [trait]: target.checked })}
              />
              {words[trait]}
            </label>
          ))}
        </div>
        {asked.state === 'failed' ? (
          <Notice kind="problem">{words.refusedCall(asked.failure.message)}</Notice>
        ) : asked.answer ? (
          <Result explanation={asked.answer} drafted={config !== undefined} routes={routes} />
        ) : null}
      </div>
    </Card>
  )
}

interface ResultProps {
  explanation: AnswerOf<'explainRoute'>
  drafted: boolean
  routes: readonly string[]
}

function Result({ explanation, drafted, routes }: ResultProps) {
  const { routing: words } = useMessages()
  const { route, because, order, skipped } = explanation
  const first = order[0]
  return (
    <section aria-label={words.resultTitle} className={styles.stack}>
      <div role="status" className={styles.answer}>
        {first ? (
          <>
            <span className={styles.soft}>{route === 'direct' ? words.direct : words.route(route)} →</span>{' '}
            <strong>
              <Name of={first.target} most={34} />
            </strong>
          </>
        ) : (
          <strong>{words.nobody}</strong>
        )}
      </div>
      <WhatIfDrawing explanation={explanation} routes={routes} />
      <ul className={styles.reasons}>
        {because.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {order.length > 0 ? (
        <ol className={styles.order} aria-label={words.order}>
          {order.map(({ target, verdict, ratio, limit }) => (
            <li key={target}>
              <VerdictMark verdict={verdict} />
              <Name of={target} most={30} />
              <span className={styles.soft}>
                {words.verdicts[verdict]}
                {ratio === undefined ? '' : ` · ${words.share(percent(ratio), compactCount(limit))}`}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      {skipped.length > 0 ? (
        <>
          <h3>{words.skipped}</h3>
          <ul className={styles.reasons}>
            {skipped.map(({ target, because: why }) => (
              <li key={target}>
                <Name of={target} most={30} /> {why}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <p className={styles.soft}>{drafted ? words.whatIfDraft : words.whatIfInForce}</p>
    </section>
  )
}
