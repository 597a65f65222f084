import { Button } from '../../components/button.tsx'
import { ConfigText } from '../../draft/config-fields.tsx'
import type { Path, Provider, Value } from '../../draft/config-value.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { KeyForm } from './key-form.tsx'
import type { EditorProps } from './provider-editor.tsx'
import styles from './providers.module.css'

type Credential = Exclude<NonNullable<Provider['auth']>, readonly unknown[]>

/** How the service is asked: kind and place of each credential. Keys go in and are never shown. */
export function CredentialsTab({ id, provider }: EditorProps) {
  const { providers: words } = useMessages()
  const place = ['virtualrouter', 'providers', id, 'auth']
  const { auth } = provider
  if (Array.isArray(auth)) {
    return (
      <div className={styles.form}>
        <p className={styles.soft}>{words.severalHint}</p>
        {auth.map((credential, index) => (
          <section key={credential.alias ?? index} className={styles.part}>
            <h3>{words.alias(credential.alias ?? 'default')}</h3>
            <CredentialForm id={id} path={[...place, index]} credential={credential} />
          </section>
        ))}
      </div>
    )
  }
  return (
    <div className={styles.form}>
      {auth === undefined ? <p className={styles.soft}>{words.fromProfileAuth}</p> : null}
      <CredentialForm id={id} path={place} credential={auth} />
    </div>
  )
}

function CredentialForm({ id, path, credential }: { id: string; path: Path; credential: Credential | undefined }) {
  const { providers: words } = useMessages()
  const edit = useEdit()
  if (credential === undefined) {
    const value = { type: 'apikey', secret: `keychain:${id}` }
    return (
      <div>
        <Button onClick={() => edit(words.kind, [{ path, value }])}>{words.kinds.apikey}</Button>
      </div>
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
        <ConfigText path={[...path, 'account']} label={words.account} value={credential.account} />
      ) : (
        <p>{words.kinds[credential.type]}</p>
      )}
      <KindSwitch id={id} path={path} credential={credential} />
    </>
  )
}

/** Another kind of credential has other parts: it is put in as a whole. */
function KindSwitch({ id, path, credential }: { id: string; path: Path; credential: Credential }) {
  const { providers: words } = useMessages()
  const edit = useEdit()
  const { alias } = credential
  const others = [
    { type: 'apikey', secret: `keychain:${alias === undefined ? id : `${id}-${alias}`}` },
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
