import { useSyncExternalStore } from 'react'

const second = 1000
let now = Date.now()
const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  // nobody has looked for a while: React asks once more after this
  if (!timer) now = Date.now()
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
