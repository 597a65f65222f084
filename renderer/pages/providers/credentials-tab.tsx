import { type FormEvent, useState } from 'react'
import type { LoginView } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { ConfigText } from '../../draft/config-fields.tsx'
import type { Path, Provider, Value } from '../../draft/config-value.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { useAsked } from '../../use-asked.ts'
import { isOffered, Terms } from '../accounts/terms.tsx'
import { CredentialAccount } from './credential-account.tsx'
import { OAuthClient } from './oauth-client.tsx'
import type { EditorProps } from './provider-editor.tsx'
import styles from './providers.module.css'

type Credential = Exclude<NonNullable<Provider['auth']>, readonly unknown[]>

/** How the service is asked: kind and place of each credential. Keys go in and are never shown. */
export function CredentialsTab({ id, provider }: EditorProps) {
  const { providers: words } = useMessages()
  const told = useWindow(({ state }) => state?.providers.find((each) => each.id === id))
  const path = ['virtualrouter', 'providers', id]
  const place = [...path, 'auth']
  const { auth } = provider
  const login = told?.login
  return (
    <div className={styles.form}>
      {Array.isArray(auth) ? (
        <>
          <p className={styles.soft}>{words.severalHint}</p>
          {auth.map((credential, index) => (
            <section key={credential.alias ?? index} className={styles.part}>
              <h3>{words.alias(credential.alias ?? 'default')}</h3>
              <CredentialForm id={id} path={[...place, index]} credential={credential} login={login} />
            </section>
          ))}
        </>
      ) : (
        <>
          {auth === undefined ? <p className={styles.soft}>{words.fromProfileAuth}</p> : null}
          <CredentialForm id={id} path={place} credential={auth} login={login} />
        </>
      )}
      {login && isOffered(login) ? (
        <section className={styles.part}>
          <h3>{words.kinds.oauth}</h3>
          <Terms login={login} />
          <OAuthClient path={path} oauth={provider.oauth} login={login} mayBorrow={told.profile === 'gemini-cli'} />
        </section>
      ) : null}
    </div>
  )
}

interface CredentialFormProps {
  id: string
  path: Path
  credential: Credential | undefined
  /** How one signs in at the provider in force, where one can. */
  login: LoginView | undefined
}

function CredentialForm({ id, path, credential, login }: CredentialFormProps) {
  const { providers: words } = useMessages()
  const edit = useEdit()
  if (credential === undefined) {
    const value = { type: 'apikey', secret: `keychain:${id}` }
    return (
      <>
        <CredentialAccount credential={`${id}[default]`} />
        <div>
          <Button look="quiet" onClick={() => edit(words.kind, [{ path, value }])}>
            {words.kinds.apikey}
          </Button>
        </div>
      </>
    )
  }
  return (
    <>
      {credential.type === 'apikey' ? (
        <>
          <ConfigText
            path={[...path, 'secret']}
            label={words.reference}
            hint={words.referenceHint}
            value={credential.secret}
            mono
          />
          <KeyForm reference={credential.secret ?? ''} />
        </>
      ) : credential.type === 'oauth' ? (
        <>
          <CredentialAccount credential={`${id}[${credential.alias ?? 'default'}]`} />
          <ConfigText
            path={[...path, 'account']}
            label={words.account}
            hint={words.accountHint}
            value={credential.account}
          />
        </>
      ) : (
        <p>{words.kinds[credential.type]}</p>
      )}
      <KindSwitch id={id} path={path} credential={credential} maySignIn={isOffered(login)} />
    </>
  )
}

interface KindSwitchProps {
  id: string
  path: Path
  credential: Credential
  maySignIn: boolean
}

/** Another kind of credential has other parts: it is put in as a whole. */
function KindSwitch({ id, path, credential, maySignIn }: KindSwitchProps) {
  const { providers: words } = useMessages()
  const edit = useEdit()
  const { alias } = credential
  const others = [
    { type: 'apikey', secret: `keychain:${alias === undefined ? id : `${id}-${alias}`}` },
    ...(maySignIn ? [{ type: 'oauth' } as const] : []),
    { type: 'client' },
    { type: 'none' },
  ] as const
  return (
    <div className={styles.row}>
      {others
        .filter(({ type }) => type !== credential.type)
        .map((other) => (
          <Button
            key={other.type}
            look="quiet"
            onClick={() => edit(words.kind, [{ path, value: withAlias(other, alias) }])}
          >
            {words.switchTo(words.kinds[other.type])}
          </Button>
        ))}
    </div>
  )
}

function withAlias(credential: Record<string, Value>, alias: string | undefined): Value {
  return alias === undefined ? credential : { alias, ...credential }
}

/** Sets the key behind a `keychain:` reference, at once: a key is no draft. */
function KeyForm({ reference }: { reference: string }) {
  const { providers: words } = useMessages()
  const client = useClient()
  const [key, setKey] = useState('')
  const [said, setSaid] = useState<{ kind: 'good' | 'problem'; words: string }>()
  const secrets = useAsked('secrets', () => client.call('listSecrets', {}))
  if (!reference.startsWith('keychain:')) return <p className={styles.soft}>{words.keyElsewhere(reference)}</p>
  const name = reference.slice('keychain:'.length)
  const isSet = secrets.answer?.names.some((secret) => secret.name === name)

  async function doing(call: () => Promise<{ words: string }>): Promise<void> {
    try {
      setSaid({ kind: 'good', words: (await call()).words })
      setKey('')
      secrets.again()
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setSaid({ kind: 'problem', words: words.refusedCall(thrown.message) })
    }
  }
  function submit(event: FormEvent): void {
    event.preventDefault()
    void doing(() => client.call('setSecret', { name, value: key.trim() }))
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {isSet === undefined ? null : <p>{isSet ? words.keySet : words.keyMissing}</p>}
      <div className={styles.row}>
        <Field label={words.newKey} hint={words.newKeyHint(name)}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="off"
              value={key}
              onChange={({ target }) => setKey(target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={key.trim() === ''}>
          {words.setKey}
        </Button>
        {isSet ? (
          <Button look="danger" onClick={() => void doing(() => client.call('deleteSecret', { name }))}>
            {words.removeKey}
          </Button>
        ) : null}
      </div>
      {said ? <Notice kind={said.kind}>{said.words}</Notice> : null}
    </form>
  )
}
