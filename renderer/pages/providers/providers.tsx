import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { SheetDraftBar } from '../../draft/draft-bar.tsx'
import { useDraftConfig } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { goTo, useAddress } from '../../page-address.ts'
import { AddProvider } from './add-provider.tsx'
import { ProviderCard } from './provider-card.tsx'
import { ProviderEditor } from './provider-editor.tsx'
import styles from './providers.module.css'

/** The services that answer: how each stands; one opens at the side. Its name stands in the address. */
export default function Providers() {
  const { providers: words, shell } = useMessages()
  const config = useDraftConfig()
  const open = useAddress().split('/')[1]
  const [adding, setAdding] = useState(false)
  if (!config) return <p>{shell.loading}</p>
  const ids = Object.keys(config.virtualrouter.providers)
  const add = (
    <Button look="main" onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  )
  return (
    <>
      {ids.length === 0 ? (
        <Empty title={words.none}>
          <p>{words.noneHint}</p>
          {add}
        </Empty>
      ) : (
        <>
          <div className={styles.bar}>{add}</div>
          <ul className={styles.cards} aria-label={words.list}>
            {ids.map((id) => (
              <ProviderCard key={id} id={id} provider={config.virtualrouter.providers[id]!} />
            ))}
          </ul>
        </>
      )}
      <Sheet open={adding} title={words.chooseService} onClose={() => setAdding(false)}>
        <AddProvider
          config={config}
          onAdded={(id) => {
            setAdding(false)
            goTo(`providers/${id}`)
          }}
        />
      </Sheet>
      <Sheet open={Boolean(open) && !adding} title={open} onClose={() => goTo('providers')} footer={<SheetDraftBar />}>
        {open === undefined || !config.virtualrouter.providers[open] ? (
          <p>{words.gone(open ?? '')}</p>
        ) : (
          <ProviderEditor key={open} id={open} provider={config.virtualrouter.providers[open]} config={config} />
        )}
      </Sheet>
    </>
  )
}
