import { type ReactNode, useState } from 'react'
import styles from './ordered-list.module.css'

export interface OrderedItem {
  /** Its name, for those who hear it. Two items may share one. */
  name: string
  body: ReactNode
}

interface OrderedListProps {
  label: string
  items: readonly OrderedItem[]
  onMove(from: number, to: number): void
  /** What the handle is for, and what is said when an item has moved. */
  words: { move(item: string): string; moved(item: string, place: number, of: number): string }
}

/** A list whose order counts: dragged by its handles, or moved with Alt and the arrow keys on them. */
export function OrderedList({ label, items, onMove, words }: OrderedListProps) {
  const [dragged, setDragged] = useState<number>()
  const [over, setOver] = useState<number>()
  const [said, setSaid] = useState('')

  function move(from: number, to: number): void {
    if (to < 0 || to >= items.length || to === from) return
    setSaid(words.moved(items[from]!.name, to + 1, items.length))
    onMove(from, to)
  }

  return (
    <>
      <ol className={styles.list} aria-label={label}>
        {items.map(({ name, body }, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and a row holds no state of its own
            key={index}
            className={`${styles.item} ${over === index && dragged !== index ? styles.over : ''}`}
            onDragOver={(event) => {
              if (dragged === undefined) return
              event.preventDefault()
              event.stopPropagation()
              setOver(index)
            }}
            onDrop={(event) => {
              if (dragged === undefined) return
              event.preventDefault()
              event.stopPropagation()
              move(dragged, index)
              setDragged(undefined)
              setOver(undefined)
            }}
          >
            <button
              type="button"
              className={styles.handle}
              aria-label={words.move(name)}
              title={words.move(name)}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move'
                event.dataTransfer.setData('text/plain', name)
                event.stopPropagation()
                setDragged(index)
              }}
              onDragEnd={() => {
                setDragged(undefined)
                setOver(undefined)
              }}
              onKeyDown={(event) => {
                const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
                if (!event.altKey || step === 0) return
                event.preventDefault()
                const handles = event.currentTarget.closest('ol')!.querySelectorAll<HTMLElement>(':scope > li > button')
                handles[index + step]?.focus()
                move(index, index + step)
              }}
            >
              <svg viewBox="0 0 10 16" aria-hidden="true">
                {[3, 8, 13].flatMap((y) => [2.5, 7.5].map((x) => <circle key={`${x} ${y}`} cx={x} cy={y} r="1.3" />))}
              </svg>
            </button>
            <div className={styles.body}>{body}</div>
          </li>
        ))}
      </ol>
      <p className="out-of-sight" role="status">
        {said}
      </p>
    </>
  )
}
