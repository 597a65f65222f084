import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { useMessages } from '../messages.ts'
import { Button } from './button.tsx'
import styles from './sheet.module.css'

interface SheetProps {
  open: boolean
  title: ReactNode
  onClose(): void
  children: ReactNode
  /** Stays in sight below what scrolls. */
  footer?: ReactNode
}

/** More about one thing, at the side. Escape closes it and the focus goes back to where it was. */
export function Sheet({ open, title, onClose, children, footer }: SheetProps) {
  const { shell } = useMessages()
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.sheet}>
          <header className={styles.header}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close render={<Button look="quiet" />}>{shell.close}</Dialog.Close>
          </header>
          <div className={styles.body}>{children}</div>
          {footer}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
