import { useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Notice } from '../../components/notice.tsx'
import { compactCount, duration } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import styles from './first-run.module.css'

type Said = { exchange: AnswerOf<'sayHello'>['exchange'] } | { failure: string }

/** The name a client would give: whatever answers by default answers to it. */
const anyModel = 'hello'

/** One real request, and what became of it. */
export function SayHello() {
  const { firstRun: words } = useMessages()
  const client = useClient()
  const [going, setGoing] = useState(false)
  const [said, setSaid] = useState<Said>()
  async function say(): Promise<void> {
    setGoing(true)
    try {
      setSaid(await client.call('sayHello', { model: anyModel }))
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid({ failure: thrown.message })
    }
    setGoing(false)
  }
  return (
    <Card title={words.hello}>
      <div className={styles.form}>
        <p className={styles.soft}>{words.helloHint}</p>
        <div>
          <Button look="main" disabled={going} onClick={() => void say()}>
            {going ? words.helloGoing : words.hello}
          </Button>
        </div>
        {said ? <Outcome said={said} /> : null}
      </div>
    </Card>
  )
}

function Outcome({ said }: { said: Said }) {
  const { firstRun: words } = useMessages()
  const failure = 'failure' in said ? said.failure : said.exchange.error?.message
  if (failure !== undefined || !('exchange' in said)) {
    return <Notice kind="problem">{words.helloFailed(failure ?? '')}</Notice>
  }
  const { target, durationMs, usage } = said.exchange
  return (
    <Notice kind="good" actions={<Button onClick={() => goTo('overview')}>{words.finish}</Button>}>
      {words.helloDone(target ?? '', duration(durationMs ?? 0), compactCount(usage?.outputTokens ?? 0))}
    </Notice>
  )
}
