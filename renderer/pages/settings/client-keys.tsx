import { useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { Table } from '../../components/table.tsx'
import { ConfigSelect } from '../../draft/config-fields.tsx'
import { exactTime, relativeTime } from '../../format.ts'
import { useLanguage, useMessages } from '../../messages.ts'
import { useAsked } from '../../use-asked.ts'
import styles from './settings.module.css'

type ClientKey = AnswerOf<'listClientKeys'>['keys'][number]

/** Whether clients must show a key, and which there are. A key is shown when it is made; only the first can be copied later. */
export function ClientKeys({ mode }: { mode: 'key' | 'none' }) {
  const { settings: words } = useMessages()
  const client = useClient()
  const first = useAsked(mode, () => client.call('getClientKey', {}))
  const asked = useAsked(mode, () => client.call('listClientKeys', {}))
  const [made, setMade] = useState<AnswerOf<'createClientKey'>>()
  const [failure, setFailure] = useState<string>()

  async function attempt(doing: () => Promise<AnswerOf<'createClientKey'> | undefined>): Promise<boolean> {
    try {
      setMade(await doing())
      setFailure(undefined)
      asked.again()
      return true
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFailure(thrown.message)
      return false
    }
  }

  const problem = failure ?? (asked.state === 'failed' ? asked.failure.message : undefined)
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
        {problem === undefined ? null : <Notice kind="problem">{words.failed(problem)}</Notice>}
        {first.answer?.clientKey === null ? <p>{words.noKey}</p> : null}
        <p className={styles.soft}>{words.clientKeysHint}</p>
        <Table
          caption={words.keysTable}
          columns={[
            { title: words.keyName },
            { title: words.keyMade },
            { title: words.keyUsed },
            { title: words.keyDo },
          ]}
        >
          {asked.answer?.keys.map((key) => (
            <KeyRow
              key={key.name}
              of={key}
              copies={key.name === 'default' ? (first.answer?.clientKey ?? undefined) : undefined}
              revoke={() => attempt(() => client.call('revokeClientKey', { name: key.name }).then(() => undefined))}
            />
          ))}
        </Table>
        {made ? (
          <Notice kind="good" actions={<CopyButton text={made.key} label={words.copyKey} />}>
            <p>{words.keyMadeOnce(made.name)}</p>
            <code className={styles.path}>{made.key}</code>
          </Notice>
        ) : null}
        <NewKey make={(name) => attempt(() => client.call('createClientKey', { name }))} />
      </div>
    </Card>
  )
}

interface KeyRowProps {
  of: ClientKey
  /** The value, where it may be copied; such a key stays. */
  copies: string | undefined
  revoke(): Promise<boolean>
}

function KeyRow({ of: { name, createdAt, lastUsedAt }, copies, revoke }: KeyRowProps) {
  const { settings: words } = useMessages()
  const language = useLanguage()
  const now = useNow()
  const [asking, setAsking] = useState(false)
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{createdAt === undefined ? words.keyFirst : exactTime(createdAt, language)}</td>
      <td title={lastUsedAt === undefined ? undefined : exactTime(lastUsedAt, language)}>
        {lastUsedAt === undefined ? words.keyNever : relativeTime(lastUsedAt, now, language)}
      </td>
      <td>
        {name === 'default' ? (
          copies && <CopyButton text={copies} label={words.copyKey} />
        ) : asking ? (
          <>
            <Button look="danger" onClick={() => void revoke()}>
              {words.keyRevokeYes(name)}
            </Button>
            <Button look="quiet" onClick={() => setAsking(false)}>
              {words.keyKeep}
            </Button>
          </>
        ) : (
          <Button look="quiet" aria-label={words.keyRevokeOf(name)} onClick={() => setAsking(true)}>
            {words.keyRevoke}
          </Button>
        )}
      </td>
    </tr>
  )
}

function NewKey({ make }: { make(name: string): Promise<boolean> }) {
  const { settings: words } = useMessages()
  const [name, setName] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') void make(name).then((done) => done && setName(''))
      }}
    >
      <Field label={words.keyNew} hint={words.keyNewHint}>
        {(control) => (
          <span className={styles.pair}>
            <input {...control} value={name} maxLength={60} onChange={({ target }) => setName(target.value)} />
            <Button type="submit" disabled={name.trim() === ''}>
              {words.keyMake}
            </Button>
          </span>
        )}
      </Field>
    </form>
  )
}
