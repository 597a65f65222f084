import { useEffect } from 'react'
import { goTo } from './page-address.ts'
import { useWindow } from './store.ts'

/** With no page asked for and nothing but the demo to answer, the window opens at the first steps. */
export function useFirstStart(address: string): void {
  const isFirst = useWindow(
    ({ config }) =>
      config?.source === 'environment' &&
      Object.values(config.value.virtualrouter.providers).every(({ profile }) => profile === 'demo'),
  )
  useEffect(() => {
    if (isFirst && address === '') goTo('first-run')
  }, [isFirst, address])
}
