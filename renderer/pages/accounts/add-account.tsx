import { type FormEvent, useState } from 'react'
import type { AccountView, ProviderView } from '../../../src-core/control/contract.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { useMessages } from '../../messages.ts'
import { nameProblem } from './account-groups.ts'
import styles from './accounts.module.css'
import type { AccountName } from './login-sheet.tsx'
import { Terms } from './terms.tsx'

interface AddAccountProps {
  providers: readonly ProviderView[]
  accounts: readonly AccountView[]
  onChosen(account: AccountName): void
}

/** Another account: where, and how it is to be called. */
export function AddAccount({ providers, accounts, onChosen }: AddAccountProps) {
  const { add: words } = useMessages().accounts
  const able = providers.filter(({ login }) => login !== undefined)
  const [chosen, setChosen] = useState(able[0]?.id)
  const [alias, setAlias] = useState('')
  const provider = able.find(({ id }) => id === chosen)
  if (!provider?.login) return <p>{words.none}</p>
  const problem = alias === '' ? undefined : nameProblem(provider.id, alias, accounts)
  const closed = provider.login.status?.state === 'retired'
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (provider) onChosen({ provider: provider.id, alias })
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={words.provider} hint={words.providerHint}>
        {(control) => (
          <select {...control} value={chosen} onChange={({ target }) => setChosen(target.value)}>
            {able.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Terms login={provider.login} />
      {closed ? null : provider.login.hurdle === undefined ? null : (
        <Notice kind="warning">{provider.login.hurdle}</Notice>
      )}
      <Field label={words.name} hint={words.nameHint} problem={problem && words[problem]}>
        {(control) => (
          <input
            {...control}
            value={alias}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => setAlias(target.value.trim())}
          />
        )}
      </Field>
      <div>
        <Button type="submit" look="main" disabled={closed || alias === '' || problem !== undefined}>
          {words.go}
        </Button>
      </div>
    </form>
  )
}
