import { type ReactNode, useId, useState } from 'react'
import { isSignedIn } from '../../account-state.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import { useDraftConfig } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { useWindow } from '../../store.ts'
import { useAccountOf } from '../../use-account.ts'
import { useAsked } from '../../use-asked.ts'
import { ClientSheet } from '../overview/client-sheet.tsx'
import { ChooseBackend } from './choose-backend.tsx'
import styles from './first-run.module.css'
import { firstOfDefault, realProvider } from './first-run-changes.ts'
import { GiveKey } from './give-key.tsx'
import { SayHello } from './say-hello.tsx'

/** Three cables to plug in, each skippable, and a real request at the end. */
export default function FirstRun() {
  const { firstRun: words, shell, overview } = useMessages()
  const client = useClient()
  const config = useDraftConfig()
  const told = useWindow(({ state }) => state?.providers)
  const [connecting, setConnecting] = useState(false)
  const [another, setAnother] = useState(false)
  const [chosen, setChosen] = useState<string>()
  // nothing left to write: it is connected
  const preview = useAsked(String(connecting), () => client.call('previewClient', { client: 'gemini-cli' }))
  const isThere = chosen !== undefined && config?.virtualrouter.providers[chosen] !== undefined
  const provider = isThere ? chosen : config && realProvider(config)
  const account = useAccountOf(provider)
  if (!config) return <p>{shell.loading}</p>
  const first = firstOfDefault(config)
  const target =
    provider !== undefined && first?.startsWith(`${provider}.`) && !first.endsWith('.*') ? first : undefined
  const isKeyThere = told?.find(({ id }) => id === provider)?.noCredential.length === 0
  const hasKey = isKeyThere && (account === undefined || isSignedIn(account))
  return (
    <div className={styles.column}>
      <h2 className={styles.title}>{words.title}</h2>
      <p>{words.intro}</p>
      <Step number={1} title={words.backend} done={provider !== undefined}>
        {provider === undefined || another ? (
          <ChooseBackend
            config={config}
            onChosen={(id) => {
              setChosen(id)
              setAnother(false)
            }}
          />
        ) : (
          <div className={styles.row}>
            <p>{words.backendDone(provider)}</p>
            <Button look="quiet" onClick={() => setAnother(true)}>
              {words.another}
            </Button>
          </div>
        )}
      </Step>
      <Step number={2} title={words.key} done={hasKey && target !== undefined}>
        {provider === undefined ? null : (
          <GiveKey key={provider} id={provider} config={config} hasKey={hasKey} target={target} />
        )}
      </Step>
      <Step number={3} title={words.client} done={preview.answer?.files.length === 0}>
        <p className={styles.soft}>{words.clientHint}</p>
        <div>
          <Button onClick={() => setConnecting(true)}>{overview.connectTitle}</Button>
        </div>
        <ClientSheet open={connecting} onClose={() => setConnecting(false)} />
      </Step>
      <SayHello />
      <div>
        <Button look="quiet" onClick={() => goTo('overview')}>
          {words.skip}
        </Button>
      </div>
    </div>
  )
}

function Step({
  number,
  title,
  done,
  children,
}: {
  number: number
  title: string
  done: boolean
  children: ReactNode
}) {
  const { firstRun: words } = useMessages()
  const id = useId()
  return (
    <section className={`${styles.step} ${done ? styles.done : ''}`} aria-labelledby={id}>
      <div className={styles.head}>
        <StateMark state={done ? 'healthy' : 'off'} silent />
        <h3 id={id}>{words.step(number, title)}</h3>
        <span className={styles.soft}>{done ? words.done : words.open}</span>
      </div>
      {children}
    </section>
  )
}
