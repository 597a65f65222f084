import { useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { useClient } from '../../client-context.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { compactCount, exactTime, percent, relativeTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import styles from './accounts.module.css'

type Bucket = NonNullable<AnswerOf<'getQuota'>['buckets']>[number]

/** What is left to an account, where its service reports it: asked when it is first seen, and again on a click alone. */
export function AccountQuota({ account }: { account: string }) {
  const { accounts: words } = useMessages()
  const client = useClient()
  const asked = useAsked(account, () => client.call('getQuota', { account }))
  const [askedAgain, setAskedAgain] = useState(false)
  const buckets = asked.answer?.buckets
  // until it is known that there is something to tell, nothing is shown
  if (buckets === null || (asked.state === 'asking' && !buckets && !askedAgain)) return null
  return (
    <section className={styles.quota} aria-label={words.quota.of(account)}>
      <h4>{words.quota.title}</h4>
      {asked.state === 'failed' ? (
        <p className={styles.because}>{words.quota.failed(asked.failure.message)}</p>
      ) : (
        <Buckets of={buckets} />
      )}
      <Button
        look="quiet"
        aria-label={words.quota.askAgainNamed(account)}
        onClick={() => {
          setAskedAgain(true)
          asked.again()
        }}
      >
        {words.askAgain}
      </Button>
    </section>
  )
}

function Buckets({ of }: { of: readonly Bucket[] | undefined }) {
  const { accounts: words, shell } = useMessages()
  if (!of || of.length === 0) return <p className={styles.soft}>{of ? words.quota.none : shell.loading}</p>
  return (
    <ul className={styles.buckets}>
      {of.map((bucket) => (
        <BucketLine key={`${bucket.model} ${bucket.counts} ${bucket.resetsAt}`} of={bucket} />
      ))}
    </ul>
  )
}

function BucketLine({ of: { model, counts, left, leftShare, resetsAt } }: { of: Bucket }) {
  const { accounts: words } = useMessages()
  const language = useLanguage()
  const now = useNow()
  const count = left === undefined ? undefined : [compactCount(left), counts?.toLowerCase()].filter(Boolean).join(' ')
  const share = leftShare === undefined ? undefined : percent(leftShare)
  const nothing = left === 0 || (left === undefined && leftShare === 0)
  const amount = nothing ? undefined : [count, share].filter(Boolean).join(', ')
  return (
    <li>
      {words.quota.left(model ?? words.quota.everyModel, amount)}
      {resetsAt === undefined || resetsAt <= now ? null : (
        <span className={styles.soft} title={exactTime(resetsAt, language)}>
          {words.quota.back(relativeTime(resetsAt, now, language))}
        </span>
      )}
    </li>
  )
}
