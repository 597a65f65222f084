import { useState } from 'react'
import { useMessages } from '../messages.ts'
import { Button } from './button.tsx'

const shownMs = 1500

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { shell } = useMessages()
  const [copied, setCopied] = useState(false)
  async function copy() {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), shownMs)
  }
  return (
    <Button look="quiet" onClick={() => void copy()}>
      <span aria-live="polite">{copied ? shell.copied : label}</span>
    </Button>
  )
}
