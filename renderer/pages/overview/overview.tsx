import { useNow } from '../../clock.ts'
import { Card } from '../../components/card.tsx'
import { Empty } from '../../components/empty.tsx'
import { groupOf } from '../../draft/config-value.ts'
import { useDraft } from '../../draft/draft.ts'
import { useEdit } from '../../draft/use-edit.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { ConnectionCard } from './connection-card.tsx'
import { Found } from './found.tsx'
import { NextSteps } from './next-steps-card.tsx'
import styles from './overview.module.css'
import { Patchbay } from './patchbay.tsx'
import { viewPatchbay } from './patchbay-view.ts'
import { placeOfRoute, putFirst } from './re-patch.ts'
import { Tiles } from './tiles.tsx'
import { Traffic } from './traffic.tsx'

export default function Overview() {
  const { shell } = useMessages()
  const ready = useWindow(({ state, config }) => state !== undefined && config !== undefined)
  if (!ready) return <Empty title={shell.loading} />
  return (
    <>
      <Panel />
      <Tiles />
      <div className={styles.columns}>
        <NextSteps />
        <ConnectionCard />
        <Traffic />
        <Found />
      </div>
    </>
  )
}

function Panel() {
  const { overview } = useMessages()
  const edit = useEdit()
  const { config, state, health, exchanges } = useWindow()
  const now = useNow()
  if (!config || !state) return null
  const view = viewPatchbay({ config, state, health, exchanges, now })

  function patch(route: string, target: string): void {
    if (!config || !state) return
    if (view.routes.find(({ id }) => id === route)?.targets[0] === target) return
    const router = (useDraft.getState().value ?? config.value).virtualrouter
    const at = placeOfRoute(router, state.activeGroup, route)
    const pools = groupOf(router, state.activeGroup).routing[route] ?? []
    edit(overview.patched(route, target), putFirst(pools, at, target))
  }

  return (
    <Card title={overview.patchbay} className={styles.panel}>
      {view.routes.length === 0 ? (
        <Empty title={overview.noRoutes}>
          <p>{overview.noRoutesHint}</p>
        </Empty>
      ) : (
        <Patchbay view={view} onPatch={patch} />
      )}
    </Card>
  )
}
