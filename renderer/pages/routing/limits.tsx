import { useEffect, useState } from 'react'
import { useClient } from '../../client-context.ts'
import { Card } from '../../components/card.tsx'
import { Field } from '../../components/field.tsx'
import { Name } from '../../components/name.tsx'
import { Notice } from '../../components/notice.tsx'
import { ConfigNumber, ConfigSwitch } from '../../draft/config-fields.tsx'
import type { Config } from '../../draft/config-value.ts'
import { useDraftText, useEdit, useRoutingKey } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import { LimitBar } from './limit-bar.tsx'
import { modelOf } from './model-of.ts'
import styles from './routing.module.css'

const base = ['virtualrouter', 'contextRouting']

/** How much fits into each model, and from where on it is risky; every figure can be changed here. */
export function Limits({ config, tokens }: { config: Config; tokens: number }) {
  const { routing: words, providers, shell } = useMessages()
  const client = useClient()
  const edit = useEdit()
  const draft = useDraftText()
  const key = useRoutingKey()
  const { contextRouting, classifier } = config.virtualrouter
  const asked = useAsked(key, () => client.call('listTargets', { config: draft }))
  // what is dragged is seen at once, and counts once it is let go
  const [dragged, setDragged] = useState<number>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the config has caught up
  useEffect(() => setDragged(undefined), [contextRouting.warnRatio])
  const warnRatio = dragged ?? contextRouting.warnRatio
  const commit = (ratio: number) => edit(words.warnSlider, [{ path: [...base, 'warnRatio'], value: ratio }])
  const targets = asked.answer?.targets ?? []
  const largest = Math.max(0, ...targets.map(({ maxContextTokens }) => maxContextTokens))
  return (
    <Card title={words.limits}>
      <div className={styles.stack}>
        <p className={styles.soft}>{words.limitsHint}</p>
        {asked.state === 'failed' ? <Notice kind="problem">{words.refusedCall(asked.failure.message)}</Notice> : null}
        {asked.answer === undefined && asked.state === 'asking' ? <p>{shell.loading}</p> : null}
        {asked.state === 'told' && targets.length === 0 ? <p>{words.noTargets}</p> : null}
        <ul className={styles.stack}>
          {targets.map(({ id, provider, maxContextTokens, limitFrom }) => {
            const model = modelOf(id, provider)
            const listed = config.virtualrouter.providers[provider]?.models[model]
            return (
              <li key={id} className={styles.limit}>
                <div className={styles.between}>
                  <Name of={id} most={36} />
                  <span className={styles.tag}>{providers.limitFrom[limitFrom]}</span>
                </div>
                <LimitBar
                  target={id}
                  limit={maxContextTokens}
                  largest={largest}
                  warnRatio={warnRatio}
                  tokens={tokens}
                  onDrag={setDragged}
                  onDrop={commit}
                />
                {listed ? (
                  <ConfigNumber
                    path={['virtualrouter', 'providers', provider, 'models', model, 'maxContextTokens']}
                    label={words.windowOf(id)}
                    value={listed.maxContextTokens}
                    placeholder={String(maxContextTokens)}
                  />
                ) : null}
              </li>
            )
          })}
        </ul>
        <Field label={words.warnSlider}>
          {(control) => (
            <input
              {...control}
              type="range"
              min={0.1}
              max={0.99}
              step={0.01}
              value={warnRatio}
              onChange={({ target }) => setDragged(Number(target.value))}
              onPointerUp={() => commit(warnRatio)}
              onKeyUp={() => warnRatio !== contextRouting.warnRatio && commit(warnRatio)}
              onBlur={() => warnRatio !== contextRouting.warnRatio && commit(warnRatio)}
            />
          )}
        </Field>
        <ConfigNumber
          path={[...base, 'warnRatio']}
          label={words.warnRatio}
          hint={words.warnRatioHint}
          value={contextRouting.warnRatio}
        />
        <ConfigSwitch
          path={[...base, 'hardLimit']}
          label={words.hardLimit}
          hint={words.hardLimitHint}
          value={contextRouting.hardLimit}
        />
        <ConfigNumber
          path={['virtualrouter', 'classifier', 'longContextThresholdTokens']}
          label={words.threshold}
          hint={words.thresholdHint}
          value={classifier.longContextThresholdTokens}
        />
      </div>
    </Card>
  )
}
