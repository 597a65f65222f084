import { useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { countdown } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import styles from './settings.module.css'

const choices = [15, 60, 240] as const

/** Opens the data port to the local network until a time. Counts at once: it is no part of the config. */
export function NetworkForAWhile() {
  const { settings: words } = useMessages()
  const client = useClient()
  const now = useNow()
  const exposed = useWindow(({ state }) => state?.exposed)
  const [minutes, setMinutes] = useState<number>(choices[0])
  const [failure, setFailure] = useState<string>()

  async function attempt(call: Promise<unknown>): Promise<void> {
    try {
      await call
      setFailure(undefined)
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFailure(thrown.message)
    }
  }

  return (
    <>
      {failure === undefined ? null : <Notice kind="problem">{words.failed(failure)}</Notice>}
      {exposed ? (
        <Notice
          kind="warning"
          actions={
            <Button onClick={() => void attempt(client.call('hideFromNetwork', {}))}>{words.closeNetwork}</Button>
          }
        >
          <p>{words.networkOpen(countdown(exposed.until - now))}</p>
          {exposed.urls.map((url) => (
            <p key={url}>
              <code>{url}</code> <CopyButton text={url} label={words.copyAddress} />
            </p>
          ))}
        </Notice>
      ) : (
        <Field label={words.networkFor} hint={words.networkForHint}>
          {(control) => (
            <span className={styles.pair}>
              <select {...control} value={minutes} onChange={({ target }) => setMinutes(Number(target.value))}>
                {choices.map((each) => (
                  <option key={each} value={each}>
                    {words.forMinutes(each)}
                  </option>
                ))}
              </select>
              <Button onClick={() => void attempt(client.call('exposeToNetwork', { minutes }))}>
                {words.openNetwork}
              </Button>
            </span>
          )}
        </Field>
      )}
    </>
  )
}
