import path from 'node:path'

const workerAddress = /new URL\('(\.[^']+-worker\.ts)', import\.meta\.url\)/g

/** A worker is a file of its own: `new URL('./x-worker.ts', import.meta.url)` becomes the address of its chunk. */
export const workerChunks = {
  name: 'worker-chunks',
  enforce: 'pre',
  transform(code, id) {
    if (!code.includes('-worker.ts')) return undefined
    return code.replace(workerAddress, (_, file) => {
      const chunk = this.emitFile({ type: 'chunk', id: path.resolve(path.dirname(id), file) })
      return `import.meta.ROLLUP_FILE_URL_${chunk}`
    })
  },
  // beside the file that asks, wherever the bundle lies; Vite would begin at the root of a web site
  resolveFileUrl: ({ relativePath }) => `new URL('${relativePath}', import.meta.url)`,
}
