import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { ConfigNumber, ConfigSelect, ConfigText } from '../../draft/config-fields.tsx'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { goTo } from '../../page-address.ts'
import { deleteProvider, duplicateProvider, freeId } from './provider-changes.ts'
import type { EditorProps } from './provider-editor.tsx'
import { usesOf } from './provider-uses.ts'
import styles from './providers.module.css'
import { UseList } from './use-list.tsx'

export function AdvancedTab({ id, provider, config }: EditorProps) {
  const { providers: words } = useMessages()
  const edit = useEdit()
  const place = ['virtualrouter', 'providers', id]
  const { timeouts } = config.virtualrouter
  function duplicate(): void {
    const name = freeId(config, id)
    edit(words.labels.duplicated(id), duplicateProvider(config, id, name))
    goTo(`providers/${name}`)
  }
  return (
    <div className={styles.form}>
      <ConfigSelect
        path={[...place, 'discovery']}
        label={words.discovery}
        hint={words.discoveryHint}
        value={provider.discovery}
        options={[
          { value: 'on', label: words.on },
          { value: 'off', label: words.off },
        ]}
      />
      <h3>{words.timeouts}</h3>
      <div className={styles.two}>
        {(['connectMs', 'firstByteMs', 'idleMs'] as const).map((name) => (
          <ConfigNumber
            key={name}
            path={[...place, 'timeouts', name]}
            label={words[name]}
            value={provider.timeouts?.[name]}
            placeholder={words.everyProvider(String(timeouts[name]))}
          />
        ))}
      </div>
      {Object.keys(provider.headers).length > 0 ? (
        <>
          <h3>{words.headers}</h3>
          {Object.entries(provider.headers).map(([name, value]) => (
            <ConfigText key={name} path={[...place, 'headers', name]} label={words.header(name)} value={value} mono />
          ))}
        </>
      ) : null}
      <section className={styles.part}>
        <div>
          <Button onClick={duplicate}>{words.duplicate}</Button>
        </div>
        <p className={styles.soft}>{words.duplicateHint}</p>
      </section>
      <DeleteProvider id={id} provider={provider} config={config} />
    </div>
  )
}

/** Says what breaks before anything does. */
function DeleteProvider({ id, config }: EditorProps) {
  const { providers: words } = useMessages()
  const edit = useEdit()
  const [asked, setAsked] = useState(false)
  const uses = usesOf(config, id)
  if (!asked) {
    return (
      <section className={styles.part}>
        <div>
          <Button look="danger" onClick={() => setAsked(true)}>
            {words.remove}
          </Button>
        </div>
        <p className={styles.soft}>{words.dangerHint}</p>
      </section>
    )
  }
  return (
    <section className={styles.part} aria-live="polite">
      <h3>{words.removeTitle(id)}</h3>
      <p>{uses.length === 0 ? words.removeNothing : words.removeBreaks}</p>
      <UseList uses={uses} />
      <div className={styles.row}>
        <Button
          look="danger"
          onClick={() => {
            edit(words.labels.deleted(id), deleteProvider(config, id))
            goTo('providers')
          }}
        >
          {words.removeConfirm(id)}
        </Button>
        <Button onClick={() => setAsked(false)}>{words.keep}</Button>
      </div>
    </section>
  )
}
