import { useEffect, useState } from 'react'
import type { FileChange } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Button } from '../../components/button.tsx'
import { Diff } from '../../components/diff.tsx'
import { Empty } from '../../components/empty.tsx'
import { Notice } from '../../components/notice.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { readDiff } from '../../draft/line-diff.ts'
import { useMessages } from '../../messages.ts'
import styles from './overview.module.css'

type Step = 'reading' | 'preview' | 'writing' | 'connected' | 'disconnected'

/** Connects the Gemini CLI: what would be written is shown first, and can be taken back. */
export function ClientSheet({ open, onClose }: { open: boolean; onClose(): void }) {
  const { overview, shell } = useMessages()
  const client = useClient()
  const [step, setStep] = useState<Step>('reading')
  const [files, setFiles] = useState<FileChange[]>([])
  const [warnings, setWarnings] = useState<string[]>([])
  const [failure, setFailure] = useState<string>()

  async function run(call: 'previewClient' | 'connectClient' | 'disconnectClient', then: Step) {
    setFailure(undefined)
    setStep(call === 'previewClient' ? 'reading' : 'writing')
    try {
      const answer = await client.call(call, { client: 'gemini-cli' })
      setFiles(answer.files)
      setWarnings('warnings' in answer ? answer.warnings : [])
      setStep(then)
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      setFailure(thrown.message)
      setStep('preview')
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once each time it opens
  useEffect(() => {
    if (open) void run('previewClient', 'preview')
  }, [open])

  const upToDate = step === 'preview' && files.length === 0 && failure === undefined
  return (
    <Sheet open={open} onClose={onClose} title={overview.connectTitle}>
      <div className={styles.steps}>
        {failure === undefined ? null : <Notice kind="problem">{failure}</Notice>}
        {step === 'reading' ? <Empty title={shell.loading} /> : null}
        {step === 'preview' && files.length > 0 ? <p>{overview.connectPreview}</p> : null}
        {upToDate ? <Notice kind="good">{overview.alreadyConnected}</Notice> : null}
        {step === 'connected' ? <Notice kind="good">{overview.connected}</Notice> : null}
        {step === 'disconnected' ? <Notice kind="good">{overview.disconnected}</Notice> : null}
        {warnings.map((warning) => (
          <Notice key={warning} kind="warning">
            {warning}
          </Notice>
        ))}
        {files.map(({ path, diff }) => (
          <section key={path} aria-label={path}>
            <h3>
              <code>{path}</code>
            </h3>
            <Diff label={overview.diffOf(path)} lines={readDiff(diff)} />
          </section>
        ))}
        <div className={styles.actions}>
          <Button
            look="main"
            disabled={step !== 'preview' || files.length === 0}
            onClick={() => void run('connectClient', 'connected')}
          >
            {overview.write}
          </Button>
          <Button
            disabled={step === 'reading' || step === 'writing' || step === 'disconnected'}
            onClick={() => void run('disconnectClient', 'disconnected')}
          >
            {overview.undoConnect}
          </Button>
        </div>
      </div>
    </Sheet>
  )
}
