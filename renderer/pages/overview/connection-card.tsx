import { useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { useAsked } from '../../use-asked.ts'
import { ClientSheet } from './client-sheet.tsx'
import styles from './overview.module.css'

interface Told {
  kind: 'good' | 'problem'
  words: string
}

/** What a tool needs to talk to Patchbay, and the one that Patchbay can set up itself. */
export function ConnectionCard() {
  const { overview } = useMessages()
  const client = useClient()
  const url = useWindow(({ state }) => state?.url ?? '')
  const group = useWindow(({ state }) => state?.groups.find(({ active }) => active)?.label ?? '')
  const [open, setOpen] = useState(false)
  const [key, setKey] = useState<{ text: string | null } | { failure: string }>()

  async function copyKey() {
    try {
      const { clientKey } = await client.call('getClientKey', {})
      if (clientKey !== null) await navigator.clipboard.writeText(clientKey)
      setKey({ text: clientKey })
    } catch (thrown) {
      if (!(thrown instanceof CallError || thrown instanceof DOMException)) throw thrown
      setKey({ failure: thrown.message })
    }
  }

  const [opened, setOpened] = useState<Told>()
  const noKey = key !== undefined && 'text' in key && key.text === null
  const copied = key !== undefined && 'text' in key && key.text !== null
  return (
    <Card title={overview.connection}>
      <dl className={styles.facts}>
        <dt>{overview.address}</dt>
        <dd>
          <code>{url}</code>
          <CopyButton text={url} label={overview.copy} />
        </dd>
        <dt>{overview.key}</dt>
        <dd>
          <span className={styles.soft}>{noKey ? overview.noKey : overview.keyHidden}</span>
          <Button look="quiet" aria-label={overview.copyKey} onClick={() => void copyKey()}>
            <span aria-live="polite">{copied ? overview.copied : overview.copy}</span>
          </Button>
        </dd>
        <dt>{overview.backend}</dt>
        <dd>{group}</dd>
      </dl>
      {key && 'failure' in key ? <Notice kind="problem">{key.failure}</Notice> : null}
      {opened ? <Notice kind={opened.kind}>{opened.words}</Notice> : null}
      <div className={styles.actions}>
        <Button onClick={() => setOpen(true)}>{overview.connectGeminiCli}</Button>
        <TerminalButton told={setOpened} />
      </div>
      <ClientSheet open={open} onClose={() => setOpen(false)} />
    </Card>
  )
}

/** Only where there is a terminal: the Gemini CLI in it, on this gateway, with no file changed. */
function TerminalButton({ told }: { told(words: Told): void }) {
  const { overview } = useMessages()
  const client = useClient()
  const { answer } = useAsked('', () => client.call('findTerminal', {}))
  const [opening, setOpening] = useState(false)
  if (!answer || answer.terminal === null) return null
  async function open(): Promise<void> {
    setOpening(true)
    try {
      const { terminal, ownSettings } = await client.call('openTerminal', { client: 'gemini-cli' })
      told({ kind: 'good', words: overview.terminalOpened(terminal, ownSettings) })
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      told({ kind: 'problem', words: thrown.message })
    }
    setOpening(false)
  }
  return (
    <Button disabled={opening} title={overview.openTerminalHint} onClick={() => void open()}>
      {overview.openTerminal}
    </Button>
  )
}
