import type { SignInView } from '../../../src-core/control/contract.ts'
import { Field } from '../../components/field.tsx'
import { ConfigText } from '../../draft/config-fields.tsx'
import type { Path, Provider } from '../../draft/config-value.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'

interface OAuthClientProps {
  /** Of the provider. */
  path: Path
  oauth: Provider['oauth']
  login: SignInView
  /** Whether there is a client of the installed Gemini CLI's to sign in as. */
  mayBorrow: boolean
}

/** As which program one signs in: with an OAuth client of one's own, or as one that is installed. */
export function OAuthClient({ path, oauth, login, mayBorrow }: OAuthClientProps) {
  const { providers: words } = useMessages()
  const edit = useEdit()
  const place = [...path, 'oauth']
  const borrowed = oauth?.client !== undefined
  function choose(client: string): void {
    const at = [...place, 'client']
    edit(words.oauthClient, [client === 'own' ? { path: at } : { path: at, value: client }])
  }
  return (
    <>
      {mayBorrow || login.client !== undefined ? (
        <Field label={words.oauthClient} hint={borrowed ? words.borrowedHint : words.oauthClientHint}>
          {(control) => (
            <select
              {...control}
              value={borrowed ? 'installed-gemini-cli' : 'own'}
              onChange={({ target }) => choose(target.value)}
            >
              <option value="own">{words.oauthClients.own}</option>
              <option value="installed-gemini-cli">{words.oauthClients['installed-gemini-cli']}</option>
            </select>
          )}
        </Field>
      ) : null}
      {borrowed ? null : (
        <>
          <ConfigText
            path={[...place, 'clientId']}
            label={words.clientId}
            hint={words.clientIdHint}
            value={oauth?.clientId}
            mono
          />
          <ConfigText
            path={[...place, 'clientSecret']}
            label={words.clientSecret}
            hint={words.clientSecretHint}
            value={oauth?.clientSecret}
            mono
          />
        </>
      )}
    </>
  )
}
