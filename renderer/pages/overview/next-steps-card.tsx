import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { pages } from '../../pages.ts'
import { useWindow } from '../../store.ts'
import { ClientSheet } from './client-sheet.tsx'
import { type NextStep, nextSteps } from './next-steps.ts'
import styles from './overview.module.css'

/** What to do first, each with a button that leads there. */
export function NextSteps() {
  const { overview } = useMessages()
  const { state, health, exchanges, exchangesLoaded } = useWindow()
  const [connecting, setConnecting] = useState(false)
  if (!state) return null
  const steps = nextSteps({ state, health, used: !exchangesLoaded || exchanges.length > 0 })
  return (
    <Card title={overview.nextSteps}>
      {steps.length === 0 ? (
        <p className={styles.soft}>{overview.nothingToDo}</p>
      ) : (
        <ol className={styles.steps}>
          {steps.map((step) => (
            <li key={JSON.stringify(step)}>
              <Words step={step} />
              <Act step={step} connect={() => setConnecting(true)} />
            </li>
          ))}
        </ol>
      )}
      <ClientSheet open={connecting} onClose={() => setConnecting(false)} />
    </Card>
  )
}

function Words({ step }: { step: NextStep }) {
  const { overview } = useMessages()
  switch (step.step) {
    case 'mend-key':
    case 'look-at-target':
      // the gateway's own sentence names the provider and says what to do
      return <p>{step.because}</p>
    case 'add-backend':
      return <p>{overview.addBackend}</p>
    case 'connect-client':
      return <p>{overview.connectClient}</p>
  }
}

function Act({ step, connect }: { step: NextStep; connect(): void }) {
  const { overview } = useMessages()
  if (step.step === 'connect-client') return <Button onClick={connect}>{overview.showDiff}</Button>
  if (step.step === 'look-at-target') return <Button onClick={() => goTo('health')}>{overview.openHealth}</Button>
  // keys and backends are mended there, as soon as there is such a page
  if (!pages.some(({ id }) => id === 'providers')) return null
  return <Button onClick={() => goTo('providers')}>{overview.openProviders}</Button>
}
