import { useClient } from '../../client-context.ts'
import { Card } from '../../components/card.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { ConfigSelect } from '../../draft/config-fields.tsx'
import { useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import styles from './settings.module.css'

/** Whether clients must show a key, and the key itself for copying: it is not shown. */
export function ClientKeys({ mode }: { mode: 'key' | 'none' }) {
  const { settings: words } = useMessages()
  const client = useClient()
  const asked = useAsked(mode, () => client.call('getClientKey', {}))
  return (
    <Card title={words.clients}>
      <div className={styles.form}>
        <ConfigSelect
          path={['gateway', 'clientAuth', 'mode']}
          label={words.clientAuth}
          hint={words.clientAuthHint}
          value={mode}
          options={[
            { value: 'key', label: words.clientAuthModes.key },
            { value: 'none', label: words.clientAuthModes.none },
          ]}
        />
        {asked.state === 'failed' ? <Notice kind="problem">{words.failed(asked.failure.message)}</Notice> : null}
        {asked.answer ? (
          <div>
            <h3>{words.clientKey}</h3>
            {asked.answer.clientKey === null ? (
              <p>{words.noKey}</p>
            ) : (
              <>
                <p className={styles.soft}>{words.clientKeyHint}</p>
                <CopyButton text={asked.answer.clientKey} label={words.copyKey} />
              </>
            )}
          </div>
        ) : null}
      </div>
    </Card>
  )
}
