import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { OrderedList } from '../../components/ordered-list.tsx'
import type { Path, Pool } from '../../draft/config-value.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { PoolEditor } from './pool-editor.tsx'
import styles from './routing.module.css'

/** A route: its pools in the order they are tried. */
export function RouteEditor({ route, pools, place }: { route: string; pools: readonly Pool[]; place: Path }) {
  const { routing: words } = useMessages()
  const edit = useEdit()
  const purposes: Record<string, string> = words.purpose
  const nameOf = (pool: Pool, index: number) => pool.id ?? words.pool(index + 1)
  return (
    <Card
      title={words.routeOf(route)}
      actions={
        <Button
          look="quiet"
          aria-label={words.removeRoute(route)}
          onClick={() => edit(words.labels.routeRemoved(route), [{ path: place }])}
        >
          ✕
        </Button>
      }
    >
      <p className={styles.soft}>{purposes[route] ?? words.purpose.own}</p>
      {pools.length === 0 ? <p>{words.emptyRoute}</p> : null}
      <OrderedList
        label={words.pools(route)}
        words={words}
        items={pools.map((pool, index) => ({
          name: nameOf(pool, index),
          body: <PoolEditor name={nameOf(pool, index)} pool={pool} place={[...place, index]} />,
        }))}
        onMove={(from, to) => edit(words.labels.pools(route), [{ path: [...place, from], to }])}
      />
      <Button
        look="quiet"
        onClick={() => edit(words.labels.pools(route), [{ path: [...place, pools.length], value: { targets: [] } }])}
      >
        {words.addPool}
      </Button>
    </Card>
  )
}
