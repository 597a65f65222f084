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
  const buckets = asked.answer?.buckets
  const failed = asked.state === 'failed'
  if (!failed && !buckets) return null
  return (
    <section className={styles.quota} aria-label={words.quota.of(account)}>
      <h4>{words.quota.title}</h4>
      {failed ? <p className={styles.because}>{words.quota.failed(asked.failure.message)}</p> : null}
      {!failed && buckets?.length === 0 ? <p className={styles.soft}>{words.quota.none}</p> : null}
      {failed || !buckets?.length ? null : (
        <ul className={styles.buckets}>
          {buckets.map((bucket) => (
            <BucketLine key={`${bucket.model} ${bucket.counts} ${bucket.resetsAt}`} of={bucket} />
          ))}
        </ul>
      )}
      <Button
        look="quiet"
        aria-label={words.quota.askAgainNamed(account)}
        disabled={asked.state === 'asking'}
        onClick={asked.again}
      >
        {words.askAgain}
      </Button>
    </section>
  )
}

function BucketLine({ of: { model, counts, left, leftShare, resetsAt } }: { of: Bucket }) {
  const { accounts: words } = useMessages()
  const language = useLanguage()
  const now = useNow()
  const amounts = [
    left === undefined ? [] : [compactCount(left), counts?.toLowerCase()].filter(Boolean).join(' '),
    leftShare === undefined ? [] : percent(leftShare),
  ].flat()
  const nothing = left === 0 || (left === undefined && leftShare === 0)
  return (
    <li>
      {words.quota.left(model ?? words.quota.everyModel, nothing ? undefined : amounts.join(', '))}
      {resetsAt === undefined || resetsAt <= now ? null : (
        <span className={styles.soft} title={exactTime(resetsAt, language)}>
          {words.quota.back(relativeTime(resetsAt, now, language))}
        </span>
      )}
    </li>
  )
}
