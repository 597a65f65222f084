import { useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import { ConfigSwitch, ConfigText } from '../../draft/config-fields.tsx'
import { useDraft } from '../../draft/draft.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { StateWords } from './provider-card.tsx'
import type { EditorProps } from './provider-editor.tsx'
import { providerState } from './provider-state.ts'
import styles from './providers.module.css'

export function ConnectionTab({ id, provider }: EditorProps) {
  const { providers: words } = useMessages()
  const told = useWindow(({ state }) => state?.providers.find((each) => each.id === id))
  const health = useWindow((window) => window.health)
  const accounts = useWindow((window) => window.accounts)
  const state = providerState(id, provider.enabled, told, health, accounts)
  const place = ['virtualrouter', 'providers', id]
  return (
    <div className={styles.form}>
      <div className={styles.state}>
        <StateMark state={state.mark} silent />
        <StateWords state={state} />
      </div>
      <ConfigText
        path={[...place, 'baseUrl']}
        label={words.baseUrl}
        hint={words.baseUrlHint}
        value={provider.baseUrl}
        placeholder={told && words.fromProfile(told.baseUrl)}
        mono
      />
      <ConfigSwitch
        path={[...place, 'enabled']}
        label={words.enabled}
        hint={words.enabledHint}
        value={provider.enabled}
      />
      <ConnectionTest key={id} id={id} inForce={told !== undefined} />
    </div>
  )
}

type Tested = { steps: readonly AnswerOf<'testProvider'>['steps'][number][] } | { failure: string }

/** Asks the service over the road a request would take, and tells each step. */
function ConnectionTest({ id, inForce }: { id: string; inForce: boolean }) {
  const { providers: words } = useMessages()
  const client = useClient()
  const drafted = useDraft(({ changes }) => changes.length > 0)
  const [testing, setTesting] = useState(false)
  const [tested, setTested] = useState<Tested>()
  async function test(): Promise<void> {
    setTesting(true)
    setTested(undefined)
    // steps show as they are passed; the answer has them all
    const end = client.subscribe((event) => {
      if (event.type === 'test' && event.value.provider === id) setTested({ steps: event.value.steps })
    })
    try {
      setTested(await client.call('testProvider', { provider: id }))
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setTested({ failure: thrown.message })
    }
    end()
    setTesting(false)
  }
  return (
    <div className={styles.part}>
      <div>
        <Button onClick={() => void test()} disabled={testing || !inForce}>
          {testing ? words.testing : words.test}
        </Button>
      </div>
      {drafted ? <p className={styles.soft}>{words.testDraft}</p> : null}
      {tested && 'failure' in tested ? <Notice kind="problem">{words.refusedCall(tested.failure)}</Notice> : null}
      {tested && 'steps' in tested ? (
        <ol className={styles.steps} aria-label={words.testSteps} aria-live="polite">
          {tested.steps.map(({ name, ok, words: said }) => (
            <li key={name} className={styles.step}>
              <StateMark state={ok ? 'healthy' : 'tripped'} silent />
              <span>
                {words.steps[name]} <span className="out-of-sight">{ok ? words.passed : words.failed}</span>
              </span>
              <span>{said}</span>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  )
}
