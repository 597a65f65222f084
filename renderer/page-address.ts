import { useSyncExternalStore } from 'react'

/** The open page stands in the address as `#/activity`, so that back, forward and reload keep it. */
export function useAddress(): string {
  return useSyncExternalStore(watch, () => location.hash.replace(/^#\/?/, ''))
}

function watch(watcher: () => void): () => void {
  addEventListener('hashchange', watcher)
  return () => removeEventListener('hashchange', watcher)
}

export function goTo(address: string): void {
  location.hash = `#/${address}`
}
