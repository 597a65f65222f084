import fs from 'node:fs'
import path from 'node:path'

const settleMs = 50
const lookEveryMs = 1000

/**
 * Calls `changed` soon after a file was written, replaced or removed. The folder is watched, because editors replace
 * files; a slow look at the file itself covers network folders, links and a folder that comes later.
 */
export function watchFile(file: string, changed: () => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(changed, settleMs)
    timer.unref()
  }
  const watcher = watchFolder(path.dirname(file), path.basename(file), soon)
  let seen: string | undefined // nothing yet: the first look reports, so that nothing since the file was read is missed
  const looking = setInterval(() => {
    fs.stat(file, (error, stats) => {
      const found = error ? error.code : `${stats.ino} ${stats.size} ${stats.mtimeMs}`
      if (found !== seen && !closed) soon()
      seen = found
    })
  }, lookEveryMs)
  looking.unref()
  return {
    close() {
      closed = true
      clearInterval(looking)
      clearTimeout(timer)
      watcher?.close()
    },
  }
}

function watchFolder(folder: string, name: string, soon: () => void): fs.FSWatcher | undefined {
  try {
    const watcher = fs.watch(folder, { persistent: false }, (_event, changedName) => {
      if (changedName === null || changedName === name) soon()
    })
    watcher.on('error', () => watcher.close()) // the slow look goes on
    return watcher
  } catch {
    return undefined // no such folder yet, or no watching here: the slow look goes on
  }
}
