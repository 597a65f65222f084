import { useMemo, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { Notice } from '../../components/notice.tsx'
import type { ExchangeRing } from '../../exchange-ring.ts'
import { useMessages } from '../../messages.ts'
import { goTo, useAddress } from '../../page-address.ts'
import { useWindow } from '../../store.ts'
import styles from './activity.module.css'
import { everything, filterExchanges, heldStill } from './activity-filter.ts'
import { ExchangeList } from './exchange-list.tsx'
import { Filters } from './filters.tsx'
import { Story } from './story.tsx'
import { useOlder } from './use-older.ts'

/** Every exchange as it happens; one opens to its whole story. */
export default function Activity() {
  const { activity, shell } = useMessages()
  const exchanges = useWindow((window) => window.exchanges)
  const loaded = useWindow((window) => window.exchangesLoaded)
  const open = useAddress().split('/')[1]
  const [filter, setFilter] = useState(everything)
  const [paused, setPaused] = useState(false)
  const [held, setHeld] = useState<ExchangeRing>()
  const older = useOlder()

  /** The list stands still while it is paused, and while somebody reads further down. */
  function hold(still: boolean): void {
    setHeld((before) => (still ? (before ?? exchanges) : undefined))
  }

  const shown = useMemo(
    () => filterExchanges(held ? heldStill(held, exchanges) : exchanges, filter),
    [held, exchanges, filter],
  )
  const waiting = held ? exchanges.findIndex(({ id }) => id === held[0]?.id) : 0

  if (!loaded && exchanges.length === 0) return <Empty title={shell.loading} />
  return (
    <>
      <div className={styles.bar}>
        <Filters filter={filter} onChange={setFilter} exchanges={exchanges} />
        <Button
          aria-pressed={paused}
          onClick={() => {
            setPaused(!paused)
            hold(!paused)
          }}
        >
          {paused ? activity.goOn : activity.pause}
        </Button>
      </div>
      {held && waiting > 0 ? (
        <Notice
          kind="good"
          actions={
            <Button
              look="quiet"
              onClick={() => {
                setPaused(false)
                hold(false)
              }}
            >
              {activity.showThem}
            </Button>
          }
        >
          {activity.newer(waiting)}
        </Notice>
      ) : null}
      {exchanges.length === 0 ? (
        <Empty title={activity.empty}>
          <p>{activity.emptyHint}</p>
        </Empty>
      ) : shown.length === 0 ? (
        <Empty title={activity.noneLeft}>
          <Button onClick={() => setFilter(everything)}>{activity.clearFilters}</Button>
        </Empty>
      ) : (
        <ExchangeList
          exchanges={shown}
          opened={open}
          onLeaveTop={(away) => !paused && hold(away)}
          onOpen={(id) => goTo(`activity/${id}`)}
        />
      )}
      <footer className={styles.foot}>
        <span>{activity.shown(shown.length, exchanges.length)}</span>
        {older.more ? (
          <Button look="quiet" disabled={older.loading} onClick={() => void older.load()}>
            {activity.older}
          </Button>
        ) : null}
      </footer>
      <Story id={open} onClose={() => goTo('activity')} />
    </>
  )
}
