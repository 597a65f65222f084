import { useSyncExternalStore } from 'react'

const second = 1000
let now = Date.now()
const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function watch(watcher: () => void): () => void {
  // while nobody looked it stood still
  if (watchers.size === 0) now = Date.now()
  watchers.add(watcher)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of watchers) each()
  }, second)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, once a second, for all who show it: one timer, and none when nobody looks. */
export const useNow = (): number => useSyncExternalStore(watch, () => now)
