import { protocol } from 'electron'
import { createWindowFiles } from '../src-core/index.ts'

export const startPage = 'app://patchbay/index.html'

export function isOwnPage(url: string): boolean {
  return url.startsWith('app://patchbay/')
}

/** Before the app is ready: `app:` has an origin of its own, as https has. */
export function announcePages(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true }
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges }])
}

/** Serves the built window from `folder`, with its content security policy; there is nothing else to be had. */
export function servePages(folder: string): void {
  const files = createWindowFiles(folder)
  protocol.handle('app', async ({ url, method }) => {
    const { pathname } = new URL(url)
    const file = isOwnPage(url) && method === 'GET' ? await files(pathname) : undefined
    return file
      ? new Response(new Uint8Array(file.body), { headers: file.headers })
      : new Response(null, { status: 404 })
  })
}
