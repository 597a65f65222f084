import path from 'node:path'

/** `new URL('./x-worker.ts', import.meta.url)`: how the sources name the file of a thread. */
const threadFile = /new URL\('(\.\/[\w-]+-worker)\.ts', import\.meta\.url\)/g

/** Bundles the files of threads beside the commands, and points to them where they are started. */
export function threads() {
  return {
    name: 'threads',
    enforce: 'pre',
    transform(code, file) {
      if (!code.includes('-worker.ts')) return undefined
      return code.replace(threadFile, (_, name) => {
        const id = path.resolve(path.dirname(file), `${name}.ts`)
        return `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'chunk', id })}`
      })
    },
    resolveFileUrl({ fileName, chunkId }) {
      const from = path.posix.relative(path.posix.dirname(chunkId), fileName)
      return `new URL(${JSON.stringify(from)}, import.meta.url)`
    },
  }
}
