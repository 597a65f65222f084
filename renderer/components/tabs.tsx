import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import styles from './tabs.module.css'

interface TabsProps {
  label: string
  tabs: readonly { id: string; title: ReactNode; body: ReactNode }[]
  /** Left out, the tabs remember by themselves which one is open. */
  open?: string
  onOpen?(id: string): void
}

/** One of several parts at a time; arrow keys walk along the titles. */
export function Tabs({ label, tabs, open, onOpen }: TabsProps) {
  return (
    <Base.Root
      value={open}
      defaultValue={open === undefined ? tabs[0]?.id : undefined}
      onValueChange={(id) => onOpen?.(String(id))}
    >
      <Base.List className={styles.list} aria-label={label}>
        {tabs.map(({ id, title }) => (
          <Base.Tab key={id} value={id} className={styles.tab}>
            {title}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ id, body }) => (
        <Base.Panel key={id} value={id} className={styles.panel}>
          {body}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
