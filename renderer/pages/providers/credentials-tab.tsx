import { useEffect, useState } from 'react'
import type { SignInView } from '../../../src-core/control/contract.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { ConfigText, useProblemAt } from '../../draft/config-fields.tsx'
import type { Path, Value } from '../../draft/config-value.ts'
import { useDraftConfig, useEdit } from '../../draft/use-edit.ts'
import { useShown } from '../../draft/use-shown.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { isOffered, Terms } from '../accounts/terms.tsx'
import { CredentialAccount } from './credential-account.tsx'
import { addCredential, type Credential, removeCredential, renameCredential } from './credential-changes.ts'
import { KeyForm } from './key-form.tsx'
import { OAuthClient } from './oauth-client.tsx'
import type { EditorProps } from './provider-editor.tsx'
import styles from './providers.module.css'

/** How the service is asked: kind and place of each credential. Keys go in and are never shown. */
export function CredentialsTab({ id, provider }: EditorProps) {
  const { providers: words } = useMessages()
  const told = useWindow(({ state }) => state?.providers.find((each) => each.id === id))
  const path = ['virtualrouter', 'providers', id]
  const place = [...path, 'auth']
  const { auth } = provider
  const edit = useEdit()
  const login = told?.login
  return (
    <div className={styles.form}>
      {Array.isArray(auth) ? (
        <>
          <p className={styles.soft}>{words.severalHint}</p>
          {auth.map((credential, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a credential is its place; its name may be changed right here
            <section key={index} className={styles.part}>
              <h3>{words.alias(credential.alias ?? 'default')}</h3>
              <AliasForm id={id} index={index} alias={credential.alias ?? ''} />
              <CredentialForm id={id} path={[...place, index]} credential={credential} login={login} />
              {auth.length > 1 ? (
                <div>
                  <Button
                    look="danger"
                    onClick={() => edit(words.labels.keyRemoved(credential.alias ?? ''), removeCredential(id, index))}
                  >
                    {words.removeCredential(credential.alias ?? '')}
                  </Button>
                </div>
              ) : null}
            </section>
          ))}
          <AddKey id={id} />
        </>
      ) : (
        <>
          {auth === undefined ? <p className={styles.soft}>{words.fromProfileAuth}</p> : null}
          <CredentialForm id={id} path={place} credential={auth} login={login} />
          {auth?.type === 'apikey' ? <AddKey id={id} /> : null}
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

function AddKey({ id }: { id: string }) {
  const { providers: words } = useMessages()
  const config = useDraftConfig()
  const edit = useEdit()
  return (
    <div className={styles.part}>
      <p className={styles.soft}>{words.anotherKeyHint}</p>
      <Button disabled={!config} onClick={() => config && edit(words.labels.keyAdded, addCredential(config, id))}>
        {words.anotherKey}
      </Button>
    </div>
  )
}

/** Its name, which changes wherever a target is pinned to it. */
function AliasForm({ id, index, alias }: { id: string; index: number; alias: string }) {
  const { providers: words } = useMessages()
  const config = useDraftConfig()
  const edit = useEdit()
  const path = ['virtualrouter', 'providers', id, 'auth', index, 'alias']
  const shown = useShown(path, alias)
  const problem = useProblemAt(path)
  const [text, setText] = useState(shown)
  useEffect(() => setText(shown), [shown])
  function commit(): void {
    const wanted = text.trim()
    if (config && wanted !== shown) edit(words.labels.keyRenamed(wanted), renameCredential(config, id, index, wanted))
  }
  return (
    <Field label={words.aliasName} problem={problem}>
      {(control) => (
        <input
          {...control}
          value={text}
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
          onBlur={commit}
          onKeyDown={({ key }) => key === 'Enter' && commit()}
        />
      )}
    </Field>
  )
}

interface CredentialFormProps {
  id: string
  path: Path
  credential: Credential | undefined
  /** How one signs in at the provider in force, where one can. */
  login: SignInView | undefined
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
