import path from 'node:path'

const workerAddress = /new URL\('(\.[^']+-worker\.ts)', import\.meta\.url\)/g

/** A worker is a file of its own: `new URL('./x-worker.ts', import.meta.url)` becomes the address of its chunk. */
export const workerChunks = {
  name: 'worker-chunks',
  transform(code, id) {
    if (!code.includes('-worker.ts')) return undefined
    return code.replace(workerAddress, (_, file) => {
      const chunk = this.emitFile({ type: 'chunk', id: path.resolve(path.dirname(id), file) })
      return `new URL(import.meta.ROLLUP_FILE_URL_${chunk})`
    })
  },
}
